"""How many lives of each group keep a property, how many do not, and what is not known of the others?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from workbench.cards import amount
from workbench.machines.properties import judgement, prove
from workbench.metrics.rules.words import AskedRule, Words, rows_of, word_in

if TYPE_CHECKING:
    from workbench.events import EventLog
    from workbench.sql import By

JUDGEMENTS = ("satisfied", "violated", "pending", "unknowable")
COUNTS = ("lives", "concerned", *JUDGEMENTS)
_OF_WORDS = ("type", "field", "rule", "word", "closed", "unbegun", "refused", "broken", "lives")
_HOLES = {
    ("refused", False): "rows of {:,} life were rejected",
    ("refused", True): "rows of {:,} lives were rejected",
    ("broken", False): "the moves of {:,} life do not follow on one another",
    ("broken", True): "the moves of {:,} lives do not follow on one another",
}
Group = tuple[Any, ...]
Row = dict[str, Any]


class Judged:
    """The verdicts of rules, asked of each group of a log's lives."""

    def __init__(self, log: EventLog, asked: list[AskedRule], by: By = None, zone: str | None = None) -> None:
        self.asked = asked
        words = Words(log, asked)
        verdicts = words.ask("rules/verdicts", by=by, zone=zone, per_life=True)
        types = zip(verdicts.columns, map(str, verdicts.types), strict=True)
        self.keys = {name: kind for name, kind in types if name not in _OF_WORDS}
        self.doubts: dict[Group, list[str]] = {}
        self.counts = self._counted(rows_of(verdicts))
        for group, read in self._doubtful(words, words.read(by, zone)).items():
            self.doubts.setdefault(group, []).append(_doubt(asked[group[0]], read))
        self.nameless = _nameless(log)

    @property
    def columns(self) -> dict[str, str]:
        """Return the columns of the answer with their types."""
        texts = dict.fromkeys(("machine", "property", "asked_of", "verdict"), "VARCHAR")
        last = {**dict.fromkeys(COUNTS, "BIGINT"), "rule": "VARCHAR", "doubt": "VARCHAR"}
        return {"type": "VARCHAR", "field": "VARCHAR", **self.keys, **texts, **last}

    def rows(self) -> Iterator[Row]:
        """Yield two rows for each rule and group: what the machine rules out, and what the log did."""
        for rule in self.asked:
            proved = prove(rule.machine, rule.declared).verdict
            for group, counts in self.counts[rule.number].items():
                row = rule.row | dict(zip(self.keys, group, strict=True))
                yield row | {"asked_of": "machine", "verdict": proved}
                doubts = [*self.doubts.get((rule.number, *group), ()), *self.nameless]
                said = {"verdict": _verdict(rule, counts), "doubt": "; ".join(doubts) or None}
                yield row | {"asked_of": "log"} | said | counts

    def _counted(self, verdicts: list[Row]) -> list[dict[Group, dict[str, int]]]:
        """Return for each rule by group how many lives there are, are concerned, and are judged how."""
        judged = cache(judgement)
        found: list[dict[Group, dict[str, int]]] = [{} for _ in self.asked]
        holes = {"refused": Counter[Group](), "broken": Counter[Group]()}
        for row in verdicts:
            rule = self.asked[row["rule"]]
            counts = found[rule.number].setdefault(self._group(row), dict.fromkeys(COUNTS, 0))
            counts["lives"] += row["lives"]
            said = judged(rule.of_lives, word_in(row))
            for kind, lives in holes.items():
                lives[rule.number, *self._group(row)] += row["lives"] * row[kind]
            if said == "satisfied" or (said is not None and not rule.shows_only):
                counts["concerned"] += row["lives"]
                counts[said] += row["lives"]
        for kind, lives in holes.items():
            for group, count in (+lives).items():
                self.doubts.setdefault(group, []).append(_HOLES[kind, count > 1].format(count))
        nobody = (None,) * len(self.keys)
        return [groups or {nobody: dict.fromkeys(COUNTS, 0)} for groups in found]

    def _group(self, row: Row) -> Group:
        return tuple(row[key] for key in self.keys)

    def _doubtful(self, words: Words, read: list[Row]) -> dict[Group, list[tuple[str, Row]]]:
        """Return by rule and group the inputs whose condition cannot be told, each with the reason."""
        found: dict[Group, list[tuple[str, Row]]] = {}
        for row in read:
            answer = words.answer_to(row)
            if answer.why is not None:
                found.setdefault((row["rule"], *self._group(row)), []).append((answer.why, row))
        return found


def _verdict(rule: AskedRule, counts: Mapping[str, int]) -> str:
    """Return what these counts say of a rule, in a word."""
    if rule.shows_only:
        return "holds" if counts["satisfied"] else "unknowable"
    verdicts = {"violated": "violated", "unknowable": "unknowable", "pending": "pending", "satisfied": "holds"}
    return next((verdict for judged, verdict in verdicts.items() if counts[judged]), "vacuous")


def _nameless(log: EventLog) -> list[str]:
    """Say how many rows were rejected that name no aggregate, where there are any."""
    nameless = (
        "SELECT count(*) FROM rejected WHERE (aggregate_type IS NULL OR aggregate_id IS NULL) "
        "AND import_id NOT IN (SELECT import_id FROM rosters)"
    )
    count = log.sql(nameless).fetchall()[0][0]
    rows = amount(count, "rejected row")
    return [f"whose life {rows} would have told of is not known"] if count else []


def _doubt(rule: AskedRule, read: list[tuple[str, Row]]) -> str:
    """Say of how many events a condition cannot be told, and why most of them, with an example."""
    times: Counter[str] = Counter()
    for why, row in read:
        times[why] += row["times"]
    count = times.total()
    (why, _), *more = times.most_common()
    first = min(
        (row["first"] for one, row in read if one == why), key=lambda at: (len(at["aggregate_id"]), *at.values())
    )
    also = f" (and {sum(n for _, n in more):,} for another reason)" if more else ""
    events = amount(count, "event")
    example = f"place {first['place']} of {first['aggregate_id']}"
    return f"{rule.declared.place}: `when` cannot be told of {events}, such as {example}: {why}{also}"
