"""What is chosen in a notebook? One object that its views share, and that says itself as Python and as SQL."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import contextmanager
from datetime import datetime
from threading import RLock
from typing import TYPE_CHECKING, Any

import traitlets

from workbench.errors import LogError
from workbench.instants import instant
from workbench.widgets.wire import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workbench.events import EventLog

_LIVES = ("type", "aggregates", "states", "transitions", "variant", "since", "before")


class AnInstant(traitlets.TraitType[Any, Any]):
    """A trait that holds an instant (UTC), set by whatever a user may write for one, or None."""

    allow_none = True
    default_value = None

    def validate(self, _: Any, value: Any) -> datetime | None:
        """Return the instant that was meant."""
        return None if value is None else instant(value)


class Selection(traitlets.HasTraits):
    """What is chosen of a log: whole lives, and the instant that the views look at.

    Views that are given the same selection follow each other. Every name is a trait: set it, observe it.

    Attributes
    ----------
    type
        The short name of an aggregate type; None for all.
    aggregates
        Ids of that type; none chosen means all.
    states, transitions
        Lives that were once in each of these states; that made each of these moves, pairs of states.
    variant
        Lives with exactly this sequence of states.
    since, before
        Lives with an event in this window (since <= t < before), UTC.
    instant
        The moment all views look at (UTC); it chooses no lives.
    revision
        Counts the changes of the lives chosen.

    Examples
    --------
    >>> import workbench as wb
    >>> chosen = wb.widgets.selection(wb.read_events("sample_events/shop.ndjson"))
    >>> chosen.choose(type="Order", states=["confirmed"], transitions=[("confirmed", "cancelled")])
    >>> print(chosen)
    chosen = log.of('Order').where(through='confirmed').where(moved=('confirmed', 'cancelled'))
    >>> chosen.log
    <EventLog 107 events, 35 aggregates, 2026-01-06 to 2026-03-09>
    """

    type = traitlets.Unicode(None, allow_none=True)
    aggregates = traitlets.Tuple()
    states = traitlets.Tuple()
    transitions = traitlets.Tuple()
    variant = traitlets.Tuple()
    since = AnInstant()
    before = AnInstant()
    instant = AnInstant()
    revision = traitlets.Int()

    def __init__(self, log: EventLog | None) -> None:
        super().__init__()
        self._given = log
        self._fork = None if log is None else log.fork()
        self._lock = RLock()
        self._quiet = False

    def choose(self, **chosen: Any) -> None:
        """Set several of the names at once; those who observe `revision` are told once.

        Raises
        ------
        UnknownNameError, LogError, InstantError
            For what the log does not have or that cannot be understood; nothing has changed then.
        """
        wrong = next((name for name in chosen if name not in {*_LIVES, "instant"}), None)
        if wrong is not None:
            raise LogError(f"a selection has no {wrong!r}: it has {', '.join((*_LIVES, 'instant'))}")
        before = {name: getattr(self, name) for name in chosen}
        with self._once():
            try:
                for name, value in chosen.items():
                    setattr(self, name, value)
                self._check()
            except Exception:
                for name, value in before.items():
                    self.set_trait(name, value)
                raise

    def clear(self) -> None:
        """Choose all lives again."""
        self.choose(type=None, aggregates=(), states=(), transitions=(), variant=(), since=None, before=None)

    @property
    def log(self) -> EventLog:
        """The lives chosen, as a part of the log that was given."""
        return self.of(_told(self._given))

    def of(self, log: EventLog) -> EventLog:
        """Return the lives chosen, as a part of a fork of the log."""
        part = log
        for call, positional, named in self._calls():
            part = getattr(part, call)(*positional, **named)
        return part

    def sql(self) -> str:
        """Return the SQL of the lives chosen, for any connection to the same database."""
        with self._lock:
            return self.of(_told(self._fork)).lives.sql_query()

    def code(self) -> str:
        """Return the Python that makes the same choice of the same `log`."""
        text = "log" + "".join(f".{call}({_arguments(given, named)})" for call, given, named in self._calls())
        at = f"\nat = {self.instant.isoformat(sep=' ')!r}" if self.instant else ""
        return f"chosen = {text}{at}"

    def as_json(self) -> dict[str, Any]:
        """Return the selection for a browser: lists and text."""
        return {name: plain(getattr(self, name)) for name in (*_LIVES, "instant")}

    def __str__(self) -> str:
        return self.code()

    __repr__ = __str__

    def _calls(self) -> Iterator[tuple[str, tuple[Any, ...], dict[str, Any]]]:
        if self.type is not None:
            yield "of", (self.type, *self.aggregates), {}
        for state in self.states:
            yield "where", (), {"through": state}
        for pair in self.transitions:
            yield "where", (), {"moved": tuple(pair)}
        if self.variant:
            yield "where", (), {"variant": list(self.variant)}
        if self.since or self.before:
            yield "where", (_in_window(self.since, self.before),), {}

    def _check(self) -> None:
        if self.aggregates and self.type is None:
            raise LogError("aggregates are chosen of one type: set type first, such as 'Order'")
        with self._lock:
            self.of(_told(self._fork))

    @contextmanager
    def _once(self) -> Iterator[None]:
        self._quiet = True
        before = [getattr(self, name) for name in _LIVES]
        try:
            yield
        finally:
            self._quiet = False
            if before != [getattr(self, name) for name in _LIVES]:
                self.revision += 1

    @traitlets.observe(*_LIVES)
    def _changed(self, change: dict[str, Any]) -> None:
        if self._quiet:
            return
        try:
            self._check()
        except Exception:
            self._quiet = True
            self.set_trait(change["name"], change["old"])
            self._quiet = False
            raise
        self.revision += 1


def selection(log: EventLog) -> Selection:
    """Return a selection of a log, everything chosen: give it to each view that should follow the others.

    Examples
    --------
    >>> import workbench as wb
    >>> log = wb.read_events("sample_events/shop.ndjson")
    >>> chosen = wb.widgets.selection(log)
    >>> chosen.type = "Order"
    >>> print(chosen)
    chosen = log.of('Order')
    """
    return Selection(log)


def _told(log: EventLog | None) -> EventLog:
    if log is None:
        raise LogError("nothing can be chosen without a log: give the view one")
    return log


def _arguments(positional: Iterable[Any], named: dict[str, Any]) -> str:
    return ", ".join([*map(repr, positional), *(f"{name}={value!r}" for name, value in named.items())])


def _in_window(since: datetime | None, before: datetime | None) -> str:
    ends = [f"effective_at >= TIMESTAMP '{since.isoformat(sep=' ')}'"] if since else []
    ends += [f"effective_at < TIMESTAMP '{before.isoformat(sep=' ')}'"] if before else []
    return f"life IN (SELECT life FROM events WHERE {' AND '.join(ends)})"
