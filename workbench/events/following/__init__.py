"""How does a log grow with its source: a file that is written to, a folder, a table of SQLite?"""

from workbench.events.following.follower import Follower, Tick

__all__ = ["Follower", "Tick"]
