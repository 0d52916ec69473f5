"""What does the carrier know of the shop's parcels? An export in a form of its own, with the faults such files have."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from workbench.simulation.shop_book import DAY, HOUR, Row, chance, clock, long_wait, seconds

SINCE = seconds("2026-02-23 00:00:00")
SLOW_DEPOT, SLOW_CLOCK = "Lyon", "S17"
_CLOCK_WRONG_SINCE = seconds("2026-03-09 00:00:00")
_TOLD_TWICE = (seconds("2026-03-06 00:00:00"), seconds("2026-03-07 00:00:00"))
_DEPOTS = ("Lyon", "Turin", "Leipzig")
_BERLIN = HOUR  # ahead of UTC: the file ends before summer time begins
_NO_TIME, _ZERO_TIME, _NO_PARCEL = (90, 310, 311, 540), (200, 470), (150, 151, 400)


@dataclass(frozen=True)
class Scan:
    """One scan of one parcel, as the carrier writes it."""

    at: int
    order: int
    number: int
    name: str
    depot: str
    scanner: str

    def line(self) -> str:
        """Return the line of the file; the scanner's own clock, in local time, is what it says."""
        slow = self.scanner == SLOW_CLOCK and self.at >= _CLOCK_WRONG_SINCE
        told = clock(self.at + _BERLIN - (DAY if slow else 0))
        return f"PX-{self.order:06};{self.number};{self.name};{told};{self.depot};{self.scanner}"


def parcels(rows: Iterable[Row], seed: int, end: int) -> str:
    """Return the carrier's file: one line a scan, some unreadable, one day twice, the last line cut off.

    Parameters
    ----------
    rows
        The event store; a parcel begins when its fulfillment is shipped.
    seed, end
        The seed of the shop, and the instant of the export.
    """
    shipped = [row for row in rows if row.life.type == "Fulfillment" and row.data.get("to_state") == "shipped"]
    scans = [scan for row in shipped if row.at >= SINCE for scan in _way(row.life.id, row.at, seed)]
    scans = sorted((scan for scan in scans if scan.at <= end), key=lambda scan: (scan.at, scan.order))
    lines = [_spoilt(scan.line(), place) for place, scan in enumerate(scans)]
    since, before = _TOLD_TWICE
    lines += [scan.line() for scan in scans if since <= scan.at < before]
    return "\n".join(["parcel;scan_no;scan;scanned_at;depot;scanner", *lines, scans[-1].line()[:14]]) + "\n"


def _way(order: int, at: int, seed: int) -> Iterator[Scan]:
    rng = chance(seed, "carrier", order)
    depot = _DEPOTS[int(rng.random() * len(_DEPOTS))]
    wait = long_wait((20 if depot == SLOW_DEPOT else 9) * HOUR, 0.4, rng.random())
    first = Scan(at + long_wait(2 * HOUR, 0.3, rng.random()), order, 1, "collected", depot, _scanner(rng.random()))
    yield first
    at_depot = replace(first, at=first.at + long_wait(5 * HOUR, 0.3, rng.random()), number=2, name="at_depot")
    yield replace(at_depot, scanner=_scanner(rng.random()))
    out = replace(at_depot, at=at_depot.at + wait, number=3, name="on_the_road", scanner=_scanner(rng.random()))
    yield out
    while rng.random() < 0.12:  # noqa: PLR2004  nobody is at home
        missed = out.at + long_wait(3 * HOUR, 0.4, rng.random())
        yield replace(out, at=missed, number=out.number + 1, name="nobody_home")
        out = replace(out, at=missed + long_wait(20 * HOUR, 0.2, rng.random()), number=out.number + 2)
        yield out
    yield replace(out, at=out.at + long_wait(3 * HOUR, 0.4, rng.random()), number=out.number + 1, name="delivered")


def _scanner(share: float) -> str:
    return f"S{10 + int(share * 15)}"


def _spoilt(line: str, place: int) -> str:
    parcel, number, name, told, depot, scanner = line.split(";")
    if place in _NO_TIME:
        told = ""
    elif place in _ZERO_TIME:
        told = "0000-00-00 00:00:00"
    elif place in _NO_PARCEL:
        parcel = ""
    return f"{parcel};{number};{name};{told};{depot};{scanner}"
