"""What moves in a notebook: widgets over a log, each with `.data()`, which says without a screen what it shows."""

from workbench.widgets.moments import Life, life

__all__ = ["Life", "life"]
