"""One life, step by step: a fold over its events."""

from workbench.lives.fold import Event, Reducer
from workbench.lives.replaying import replay
from workbench.lives.timeline import Change, Moment, Timeline

__all__ = ["Change", "Event", "Moment", "Reducer", "Timeline", "replay"]
