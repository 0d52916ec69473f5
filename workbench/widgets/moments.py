"""What happened to one aggregate, event by event? A slider over its life, its state and what each event changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ipywidgets

from workbench.errors import UnknownNameError
from workbench.lives import replay
from workbench.widgets.pages import moment_page

if TYPE_CHECKING:
    from workbench.events import EventLog
    from workbench.lives import Timeline
    from workbench.machines import Machine, Machines


class Life(ipywidgets.VBox):  # type: ignore[misc]  # ipywidgets carries no types
    """The life of one aggregate at one of its places; the slider, its arrow keys and the buttons move along it.

    Attributes
    ----------
    place
        Where in the life it stands, from 1; set it to move there.
    """

    def __init__(self, timeline: Timeline, machine: Machine | None = None) -> None:
        self._timeline, self._machine = timeline, machine
        last = len(timeline)
        wide = ipywidgets.Layout(flex="1 1 auto", width="auto", min_width="12em")
        self._slider = ipywidgets.IntSlider(1, min=1, max=last, description="place", layout=wide)
        play = ipywidgets.Play(value=1, min=1, max=last, interval=900)
        ipywidgets.jslink((play, "value"), (self._slider, "value"))
        back = ipywidgets.Button(description="← Back", tooltip="to the event before", layout={"width": "6em"})
        onward = ipywidgets.Button(description="Next →", tooltip="to the next event", layout={"width": "6em"})
        back.on_click(lambda _: self._go(-1))
        onward.on_click(lambda _: self._go(1))
        self._page = ipywidgets.HTML()
        self._slider.observe(self._show, "value")
        self._show()
        row = ipywidgets.Layout(align_items="center", flex_flow="row wrap")
        super().__init__([ipywidgets.HBox([play, back, onward, self._slider], layout=row), self._page])

    @property
    def place(self) -> int:
        """Return where in the life it stands, from 1."""
        return int(self._slider.value)

    @place.setter
    def place(self, place: int) -> None:
        if not 1 <= place <= len(self._timeline):
            raise UnknownNameError(f"no place {place} in this life: it has places 1 to {len(self._timeline)}")
        self._slider.value = place

    @property
    def selection(self) -> dict[str, Any]:
        """Return what is chosen: type, aggregate_id, place and version."""
        shown = self.data()
        return {key: shown[key] for key in ("type", "aggregate_id", "place", "version")}

    def data(self) -> dict[str, Any]:
        """Return what it shows, screen or not.

        Returns
        -------
        dict
            type, aggregate_id, place (from 1), places, version (the store's own, or None), occurred_at (UTC),
            event_type, actor, state, state_before, changed (attribute -> (before, after)), attributes.
        """
        moment = self._timeline[self.place - 1]
        before = self._timeline[self.place - 2] if self.place > 1 else self._timeline.opening
        return {
            "type": self._timeline.type,
            "aggregate_id": self._timeline.aggregate_id,
            "place": self.place,
            "places": len(self._timeline),
            "version": moment.version,
            "occurred_at": moment.occurred_at,
            "event_type": moment.event_type,
            "actor": moment.actor,
            "state": moment.state,
            "state_before": before.state if before else None,
            "changed": dict(moment.changed),
            "attributes": dict(moment.attributes),
        }

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        # Where nothing runs (a page, a notebook reopened elsewhere) the moment it stands at is shown still.
        bundle = super()._repr_mimebundle_(**kwargs)
        return bundle if bundle is None else {**bundle, "text/html": self._page.value}

    def _go(self, steps: int) -> None:
        self._slider.value = min(max(self.place + steps, 1), len(self._timeline))

    def _show(self, _: object = None) -> None:
        self._page.value = moment_page(self.data(), self._machine)


def life(log: EventLog, type: str, id: object, machines: Machines | None = None) -> Life:
    """Return a widget that replays one aggregate: a slider over its places, its state and what each event changed.

    Parameters
    ----------
    log
        The log; the widget reads the one life once, on a cursor of its own.
    type, id
        Whose life: "Order", 42.
    machines
        The drawing of the type's machine then shows where it stands.

    Raises
    ------
    UnknownNameError
        When the log has no such type or aggregate.
    """
    timeline = replay(log.fork().of(type, id))
    found = machines.for_type(type, log.full_type(type)) if machines is not None else []
    return Life(timeline, found[0] if found else None)
