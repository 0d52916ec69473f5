"""What has every view in common? A log of its own, a selection, answers to its browser, a picture without one."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from html import escape
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import uuid4

import anywidget
import traitlets

from workbench.cards import visible
from workbench.errors import LogError, WorkbenchError
from workbench.widgets.exporting import page
from workbench.widgets.scripts import script, style
from workbench.widgets.selections import Selection
from workbench.writing import write_text

if TYPE_CHECKING:
    from workbench.events import EventLog


class View(anywidget.AnyWidget):
    """A widget over a log. `class Trail(View, view="trail")` is drawn by `static/trail.js` and `static/trail.css`.

    A view answers its browser in `answer`, follows the selection in `follow`, says what it shows in `data`, and draws
    itself without a browser in `static_html`. Messages come in threads of their own while a cell runs: a view reads
    `self._log`, a fork of the log it was given, only inside `with self._lock`, and changes the selection outside it.

    Attributes
    ----------
    selection
        What is chosen; give several views the same one.
    chosen
        The selection as the browser sees it.
    still
        The id of the picture that stands for the view where no kernel runs.
    kept
        What a person arranged in the page, such as what is unfolded or how far it is zoomed: a page that is loaded
        again, or an export, begins with it.
    """

    view: ClassVar[str] = ""
    shown: ClassVar[tuple[str, ...]] = ()

    chosen = traitlets.Dict().tag(sync=True)
    still = traitlets.Unicode().tag(sync=True)
    kept = traitlets.Dict().tag(sync=True)

    def __init_subclass__(cls, view: str = "", **more: Any) -> None:
        if view:
            cls.view = view
            cls._esm, cls._css = script(view), style(view)
            synced = {name for one in cls.__mro__ for name, t in vars(one).items() if _is_own(t, one)}
            cls.shown = tuple(sorted(synced))
        super().__init_subclass__(**more)

    def __init__(self, log: EventLog | None, selection: Selection | None = None, **traits: Any) -> None:
        self._lock = RLock()
        self._fork = None if log is None else log.fork()
        self.selection = Selection(log) if selection is None else selection
        super().__init__(still=uuid4().hex[:12], chosen=self.selection.as_json(), **traits)
        self.on_msg(self._hear)
        self.selection.observe(self._follow, ["revision", "instant"])

    def data(self) -> Any:
        """Return exactly what it shows, screen or not."""
        raise NotImplementedError

    def answer(self, request: Mapping[str, Any]) -> Any:
        """Return the JSON that answers a request of its browser; called inside the lock."""
        raise LogError(f"this view has no answer to {dict(request)!r}")

    def follow(self, name: str) -> None:
        """Show what is chosen now; `name` is "revision" (other lives) or "instant". Called outside the lock."""

    def static_html(self) -> str:
        """Return what it shows as HTML without a script."""
        return f"<p>{escape(repr(self))}</p>"

    def exported(self) -> dict[str, Any]:
        """Return its traits for a file, which has no kernel to ask."""
        return {name: getattr(self, name) for name in self.shown}

    def export_html(self, path: str | Path) -> Path:
        """Write the view as one HTML file that opens without kernel or network; return its path.

        Raises
        ------
        LogError, SourceError
            When the name does not end in .html, or it cannot be written there.
        """
        target = Path(path)
        if target.suffix not in {".html", ".htm"}:
            raise LogError(f"{target.name} should end in .html")
        write_text(target, page(self))
        return target

    def __repr__(self) -> str:
        return visible(f"<{type(self).__name__}: {self.title}>")

    @property
    def title(self) -> str:
        """What the view is called in a page."""
        return type(self).__name__

    @property
    def _log(self) -> EventLog:
        if self._fork is None:
            raise LogError(f"{self.title} was made without a log, so nothing can be asked of one")
        return self._fork

    def part(self, type: str | None = None) -> EventLog:
        """Return the lives chosen, of this type where none is chosen, on a connection of its own: in the lock only."""
        part = self.selection.of(self._log)
        return part if type is None or self.selection.type is not None else part.of(type)

    def close(self) -> None:
        """Stop following the selection, and go."""
        if isinstance(getattr(self, "selection", None), Selection):
            with suppress(ValueError):  # closed before: whatever is thrown away is closed again
                self.selection.unobserve(self._follow, ["revision", "instant"])
        super().close()

    def _follow(self, change: dict[str, Any]) -> None:
        self.chosen = self.selection.as_json()
        self.follow(change["name"])

    def _hear(self, _: Any, content: Any, __: Any = None) -> None:
        """Answer one message; what goes wrong is an answer too, so that the browser never waits for nothing."""
        if not isinstance(content, Mapping) or "ask" not in content:
            return
        number, request = content["ask"], content.get("request") or {}
        try:
            if "choose" in request:
                self.selection.choose(**_tupled(request["choose"]))
                value = self.chosen
            else:
                with self._lock:
                    value = self.answer(request)
        except WorkbenchError as error:
            self.send({"answer": number, "error": str(error)})
        except Exception as error:
            self.send({"answer": number, "error": f"{type(error).__name__}: {error}"})
            raise
        else:
            self.send({"answer": number, "value": value})

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        data, metadata = super()._repr_mimebundle_() or ({}, {})
        return {**data, "text/plain": repr(self), "text/html": self._still()}, metadata

    def _ipython_display_(self) -> None:
        """Show a still picture, then the widget, which hides it: a notebook reopened without a kernel keeps it."""
        from IPython.display import display

        data, metadata = self._repr_mimebundle_()
        still = {"text/html": data.pop("text/html"), "text/plain": data["text/plain"]}
        show: Any = display
        show(still, raw=True)
        show(data, metadata=metadata, raw=True)

    def _still(self) -> str:
        return f'<div data-wb-static="{self.still}">{self.static_html()}</div>'


def _is_own(trait: Any, owner: type) -> bool:
    return isinstance(trait, traitlets.TraitType) and bool(trait.metadata.get("sync")) and issubclass(owner, View)


def _tupled(chosen: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a browser chose as the selection holds it: tuples in place of lists."""
    return {
        name: tuple(tuple(one) if isinstance(one, list) else one for one in value) if isinstance(value, list) else value
        for name, value in chosen.items()
    }
