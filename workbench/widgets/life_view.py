"""What happened to one aggregate, event by event? Its life to be stepped through, with what made each fact so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import traitlets

from workbench.cards import amount
from workbench.errors import UnknownNameError
from workbench.figures.theme import inks
from workbench.lives import replay
from workbench.lives.reruns import what_if
from workbench.metrics.tracks import machine_of
from workbench.widgets.arguments import checked
from workbench.widgets.life_facts import details, events_told, kin_of, set_by, steps_out, within_budget
from workbench.widgets.shown_machine import shown_machine
from workbench.widgets.still_moments import moment_page
from workbench.widgets.views import View

if TYPE_CHECKING:
    from workbench.events import EventLog
    from workbench.lives import Moment
    from workbench.lives.reruns import WhatIf
    from workbench.machines import Machines
    from workbench.widgets.selections import Selection


class Life(View, view="life"):
    """The life of one aggregate at one of its places, moved along with buttons, keys or Python.

    Attributes
    ----------
    place
        Where in the life it stands, from 1; set it to move there.
    bookmarks
        Places marked, in order.
    """

    place = traitlets.Int(1).tag(sync=True)
    bookmarks = traitlets.List(trait=traitlets.Int()).tag(sync=True)

    whose = traitlets.Dict().tag(sync=True)
    drawing: Any = traitlets.Dict(allow_none=True).tag(sync=True)
    colors = traitlets.Dict().tag(sync=True)
    events: Any = traitlets.List().tag(sync=True)
    told = traitlets.Dict().tag(sync=True)
    steps = traitlets.Dict().tag(sync=True)
    kin: Any = traitlets.List().tag(sync=True)

    def __init__(
        self, log: EventLog, type: str, id: object, machines: Machines | None = None, selection: Selection | None = None
    ) -> None:
        self._id = str(id)
        self._timeline = replay(log.fork().of(type, id))
        self._machine = machine_of(log, type, machines)
        super().__init__(log, selection)
        with self._lock, self.hold_sync():
            self._show()

    def data(self) -> dict[str, Any]:
        """Return what it shows, screen or not.

        Returns
        -------
        dict
            type, aggregate_id, place (from 1), places, version (the store's own, or None), occurred_at (UTC),
            event_type, actor, transition, state, state_before, changed (attribute -> (before, after)), attributes,
            set_by (attribute -> the place whose event gave it its value).
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
            "transition": moment.transition,
            "state": moment.state,
            "state_before": before.state if before else None,
            "changed": dict(moment.changed),
            "attributes": dict(moment.attributes),
            "set_by": set_by(self._timeline, self.place),
        }

    def answer(self, request: Mapping[str, Any]) -> Any:
        """Return the details of a place, or what would have become of the life without its event."""
        place = self._known(int(request.get("place", self.place)))
        if request.get("what") == "without":
            return self._without(self._timeline[place - 1])
        return details(self._timeline, place)

    def static_html(self) -> str:
        """Return the moment as HTML: its state, its event, what changed."""
        return moment_page(self.data(), self._machine)

    @property
    def title(self) -> str:
        """Whose life it is."""
        return f"{self._timeline.type} {self._timeline.aggregate_id}"

    def follow(self, name: str) -> None:
        """Stand where the life stood at the instant chosen elsewhere."""
        if name == "instant":
            self.place = self._place_chosen()

    def _show(self) -> None:
        life = self._timeline
        states = list(dict.fromkeys(moment.state for moment in life if moment.state is not None))
        ink = inks(states, self._machine)
        self.whose = {"type": life.type, "aggregate_id": life.aggregate_id}
        self.colors = {state: tint.color for state, tint in ink.items()}
        self.drawing = self._drawn(states)
        self.events = events_told(life)
        self.told = within_budget(life)
        self.steps = steps_out(self._log.of(life.type), self._machine, states)
        self.kin = kin_of(self._log, life)

    def _drawn(self, states: Sequence[str]) -> dict[str, Any] | None:
        way = [moment.state for moment in self._timeline if moment.state is not None]
        opening = self._timeline.opening
        start = opening.state if opening is not None else None
        pairs = list(dict.fromkeys(zip([start, *way], way, strict=False)))
        moved = [(source, target, 1) for source, target in pairs if source is None or source != target]
        if not moved:
            return None
        shown = shown_machine(self._timeline.type, self._machine, moved)
        ink = inks([*shown.machine.state_names, *states], self._machine)
        return shown.drawing({state: ink[state].color for state in shown.machine.state_names})

    def _without(self, moment: Moment) -> dict[str, Any]:
        if moment.event_id is None:
            return {"sentences": ["This event bears no id, so it cannot be left out by itself."]}
        whole = self._log.of(self._timeline.type, self._id)
        found = what_if(whole, self._machine, instead_of=self._machine, drop=[moment.event_id])
        return {"sentences": list(_of_one_life(found, judged=self._machine is not None))}

    def _known(self, place: int) -> int:
        if not 1 <= place <= len(self._timeline):
            raise UnknownNameError(f"no place {place} in this life: it has places 1 to {len(self._timeline)}")
        return place

    @traitlets.validate("place")
    def _in_life(self, proposal: Mapping[str, Any]) -> int:
        return self._known(proposal["value"])

    @traitlets.observe("place")
    def _stepped(self, _: object) -> None:
        if self.place != self._place_chosen() or self.selection.instant is None:
            self.selection.instant = self._timeline[self.place - 1].effective_at

    def _place_chosen(self) -> int:
        """Return where the life stands at the instant chosen; before its first event that is place 1."""
        at = self.selection.instant
        return self.place if at is None else max(1, sum(moment.effective_at <= at for moment in self._timeline))


def _of_one_life(found: WhatIf, *, judged: bool) -> Iterator[str]:
    """Yield what a rerun says of one life: where it would stand, and what its machine would say to its moves."""
    counts, parted = found.counts, found.lives.project("state_before, state_after").fetchall()
    if counts["ending_elsewhere"]:
        before, after = parted[0]
        yield (
            f"It would stand in {after}, not in {before}." if after else f"It would stand in no state, not in {before}."
        )
    elif counts["diverging"]:
        yield "It would have gone another way, to the same state."
    else:
        yield "Its way through the states would be the same."
    if judged and counts["refused_after"]:
        yield f"The machine would refuse {counts['refused_after']:,} of {amount(counts['after'], 'move')}."
    elif judged and counts["after"]:
        yield "The machine would refuse no move."
    if counts["guarded"]:
        yield f"{amount(counts['guarded'], 'move hangs', 'moves hang')} on a guard; guards are not evaluated."


def life(
    log: EventLog, type: str, id: object, machines: Machines | None = None, *, selection: Selection | None = None
) -> Life:
    """Return a view that replays one aggregate step by step, with what made each fact so.

    Parameters
    ----------
    log
        The log; the view reads on a cursor of its own.
    type, id
        Whose life: "Order", 42.
    machines
        The type's machine is then drawn with the state it stands in and the way it came; and the steps out of it are
        told. Without them the drawing is of the life's own states.
    selection
        What other views have chosen: the instant is followed, and set by each step.

    Raises
    ------
    UnknownNameError
        When the log has no such type or aggregate.

    Examples
    --------
    >>> import workbench as wb
    >>> log = wb.read_events("sample_events/shop.ndjson")
    >>> shown = life(log, "Order", 42, wb.read_machines("machines/"))
    >>> shown.place = 3
    >>> shown.data()["changed"]["payment_status"], shown.data()["set_by"]["status"]
    ((None, 'refused'), 2)
    """
    checked(log, machines, selection)
    return Life(log, type, id, machines, selection)
