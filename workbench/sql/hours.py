"""How long is a time in business hours? Exact, also where a clock is put forward or back.

A log counted in business hours answers the same questions: each duration in a question's SQL, always written
`date_diff('microsecond', a, b)`, becomes the business time from a to b. Business time so far is a line that rises while
the doors are open: for each day of UTC three lists tell how much there was before, and when it rises, for how long.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import MAXYEAR, UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from workbench.errors import InstantError
from workbench.sql.groups import calendar_zone
from workbench.sql.texts import literal

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_PART = re.compile(r"([a-z]{3})[a-z]*(?:\s*-\s*([a-z]{3})[a-z]*)?\s+(\d\d?:\d\d)\s*-\s*(\d\d?:\d\d)", re.IGNORECASE)
_DAY = timedelta(days=1)
_MICROSECOND = timedelta(microseconds=1)
_DURATION = "date_diff('microsecond', "
_CENTURY = timedelta(days=36525)

Span = tuple[datetime, datetime]


@dataclass(frozen=True)
class Hours:
    """Open hours of each weekday (0 is Monday) as times since midnight, in a zone, but on no holiday."""

    week: tuple[tuple[int, timedelta, timedelta], ...]
    zone: str
    holidays: frozenset[date]

    def spans(self, first: datetime, last: datetime) -> Iterator[Span]:
        """Return the open times (UTC) of every day that touches a stretch of time, in order."""
        day = (first - _DAY).date()
        while day <= (last + _DAY).date():
            if day not in self.holidays:
                for weekday, start, end in self.week:
                    if weekday == day.weekday():
                        yield from self._span(datetime.combine(day, time()), start, end)
            day += _DAY

    def _span(self, midnight: datetime, start: timedelta, end: timedelta) -> Iterator[Span]:
        """Return when the clock on the wall shows a time between two: in two pieces where it is put back or forward."""
        zone = ZoneInfo(self.zone)
        opens, closes = midnight + start, midnight + end
        # wide enough for every zone, and no zone changes twice in it
        from_instant, to_instant = midnight - _DAY, midnight + 2 * _DAY
        before, after = _offset(from_instant, zone), _offset(to_instant, zone)
        if before == after:
            yield opens - before, closes - before
            return
        changed_at = _change(from_instant, to_instant, zone)
        for one, other in (
            (opens - before, min(closes - before, changed_at)),
            (max(opens - after, changed_at), closes - after),
        ):
            if one < other:
                yield one, other


def hours(week: str, zone: str | None = None, holidays: Iterable[date | str] = ()) -> Hours:
    """Return what "Mon-Fri 09:00-17:00" means in a zone; several parts stand between commas.

    Raises
    ------
    InstantError
        When it cannot be understood, or the zone is none.

    Examples
    --------
    >>> [(day, str(start), str(end)) for day, start, end in hours("Sat-Sun 10:00-14:00").week]
    [(5, '10:00:00', '14:00:00'), (6, '10:00:00', '14:00:00')]
    """
    parts = [_part(text) for text in str(week).split(",")]
    found = sorted((day, start, end) for days, start, end in parts for day in days)
    for (day, _, end), (next_day, start, _) in pairwise(found):
        if day == next_day and start < end:
            raise InstantError(f"{week!r} has hours that overlap on {_DAYS[day].capitalize()}")
    return Hours(tuple(found), calendar_zone(zone), frozenset(_holiday(one) for one in holidays))


def _part(text: str) -> tuple[list[int], timedelta, timedelta]:
    read = _PART.fullmatch(text.strip())
    names = [name.lower() for name in read.groups()[:2] if name] if read else []
    if not read or any(name not in _DAYS for name in names):
        raise InstantError(f"{text.strip()!r} are no business hours: write 'Mon-Fri 09:00-17:00'")
    first, last = _DAYS.index(names[0]), _DAYS.index(names[-1])
    start, end = _of_day(read[3], text), _of_day(read[4], text)
    if start >= end:
        raise InstantError(
            f"{text.strip()!r} ends before it begins: hours over midnight are two parts, to 24:00 and on"
        )
    return [(first + n) % 7 for n in range((last - first) % 7 + 1)], start, end


def _of_day(clock: str, text: str) -> timedelta:
    hour, minute = map(int, clock.split(":"))
    found = timedelta(hours=hour, minutes=minute)
    if minute >= 60 or found > _DAY:  # noqa: PLR2004  minutes of an hour
        raise InstantError(f"{clock} in {text.strip()!r} is no time of day")
    return found


def _holiday(value: date | str) -> date:
    try:
        return value if isinstance(value, date) else date.fromisoformat(value.strip())
    except ValueError as error:
        raise InstantError(f"holiday {value!r} is no date: write 2026-12-25") from error


def _offset(instant: datetime, zone: ZoneInfo) -> timedelta:
    return instant.replace(tzinfo=UTC).astimezone(zone).utcoffset() or timedelta()


def _change(start: datetime, end: datetime, zone: ZoneInfo) -> datetime:
    """Return the instant (UTC) between two at which the zone's offset changes."""
    before = _offset(start, zone)
    while end - start > _MICROSECOND:
        middle = start + (end - start) / 2
        start, end = (middle, end) if _offset(middle, zone) == before else (start, middle)
    return end


def in_hours(question: str, kept: Hours, first: datetime, last: datetime) -> str:
    """Return a question's SQL with each duration in business time; all its instants lie between two.

    Raises
    ------
    InstantError
        When more than a century lies between them: such a time is a mistake in the export.

    Examples
    --------
    >>> from datetime import datetime
    >>> day = datetime(2026, 1, 5)
    >>> in_hours("SELECT date_diff('microsecond', TIMESTAMP '0001-01-01', x)", hours("Mon 09:00-10:00"), day, day)
    "SELECT date_diff('microsecond', TIMESTAMP '0001-01-01', x)"
    """
    if last - first > _CENTURY or last.year == MAXYEAR:
        raise InstantError(
            f"business hours are counted over 100 years at most: this log runs from {first:%Y-%m-%d} to {last:%Y-%m-%d}"
        )
    base = datetime.combine(first.date(), time())
    lists = _lists(list(kept.spans(first, last)), base, (last - base) // _DAY + 2)
    told, rest = "", question
    while _DURATION in rest:
        plain, _, rest = rest.partition(_DURATION)
        (start, end), rest = _arguments(rest)
        if start.startswith("TIMESTAMP "):  # a calendar's own count
            told += f"{plain}{_DURATION}{start}, {end})"
        else:
            told += f"{plain}({_so_far(end, base, lists)} - {_so_far(start, base, lists)})"
    return told + rest


def _arguments(rest: str) -> tuple[tuple[str, str], str]:
    """Return the two arguments of a call that has just been opened, and what stands behind it."""
    depth, comma = 0, 0
    for place, sign in enumerate(rest):
        depth += (sign == "(") - (sign == ")")
        if sign == "," and depth == 0:
            comma = place
        if depth < 0:
            return (rest[:comma].strip(), rest[comma + 1 : place].strip()), rest[place + 1 :]
    raise AssertionError(rest)


def _lists(spans: Sequence[Span], base: datetime, days: int) -> list[list[int]]:
    """Return for each day of UTC the business time before it, then begin and length of its first span, its second..."""
    by_day: list[list[tuple[int, int]]] = [[] for _ in range(days)]
    before = 0
    for start, end in spans:
        at = start
        while at < end:
            number = (at - base) // _DAY
            until = min(end, base + (number + 1) * _DAY)
            if 0 <= number < days:
                by_day[number].append(((at - base) % _DAY // _MICROSECOND, (until - at) // _MICROSECOND))
            at = until
    befores = []
    for day in by_day:
        befores.append(before)
        before += sum(length for _, length in day)
    most = max((len(day) for day in by_day), default=0)
    padded = [[*day, *[(0, 0)] * (most - len(day))] for day in by_day]
    return [befores, *([day[n][part] for day in padded] for n in range(most) for part in (0, 1))]


def _so_far(instant: str, base: datetime, lists: Sequence[Sequence[int]]) -> str:
    """Return the business time from the base to an instant, as SQL."""
    passed = f"{_DURATION}{literal(base)}, {instant})"
    day, of_day = f"[{passed} // 86400000000 + 1]", f"{passed} % 86400000000"
    # a text cast once is planned at once, where a list of thousands of literals takes seconds
    before, *rising = (f"('{list(one)}'::BIGINT[]){day}" for one in lists)
    terms = [
        f"least(greatest({of_day} - {at}, 0), {length})" for at, length in zip(rising[::2], rising[1::2], strict=True)
    ]
    return f"({' + '.join([before, *terms])})"
