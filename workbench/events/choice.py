"""Which mapping reads this source, and why that one?"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from workbench.errors import MappingError
from workbench.events.mapping import Mapping, mappings, read_mapping

Given = str | Path | Mapping | dict[str, str]


def any_fits(given: Given, columns: Sequence[str]) -> bool:
    """Tell whether the asked-for mapping (or any, for "auto") fits a table with these columns."""
    if given == "auto":
        return bool(_fitting(columns))
    chosen = read_mapping(given)
    return not chosen.needs or chosen.fits(columns)


def choose(given: Given, columns: Sequence[str], *, source: str, headerless: bool = False) -> tuple[Mapping, str]:
    """Return the mapping and the reason for it, in words.

    Raises
    ------
    MappingError
        When none fits, or the one asked for lacks a column in the source.
    """
    if headerless:
        raise MappingError(_without_header(source, columns))
    if given != "auto":
        chosen = read_mapping(given)
        lacking = [" or ".join(either) for either in chosen.needs if not set(either) & set(columns)]
        if lacking:
            raise MappingError(
                f"the mapping {chosen.name!r} does not fit {source}: it needs a column {', '.join(lacking)}; "
                f"the source has {_listed(columns)}"
            )
        return chosen, "as asked"
    if not columns:
        raise MappingError(f"{source} holds no row with named columns among its first: expected an object a line")
    fitting = _fitting(columns)
    if not fitting:
        raise MappingError(
            f"no mapping fits {source} with the columns {_listed(columns)}: name yours, such as "
            '--mapping "case=<id column>,activity=<event column>,time=<time column>", or write a mapping file '
            "(workbench mappings --new FILE EXPORT)"
        )
    best = fitting[0]
    return best, "its columns " + ", ".join(
        next(n for n in either if n in columns) for either in best.needs
    ) + " are there"


def _fitting(columns: Sequence[str]) -> list[Mapping]:
    """Return the mappings that fit, the one that needs most first; a roster is never chosen for events."""
    fitting = [mapping for mapping in mappings().values() if mapping.fits(columns) and not mapping.is_roster]
    return sorted(fitting, key=lambda mapping: (mapping.name == "generic", -len(mapping.needs), mapping.name))


def _listed(columns: Sequence[str]) -> str:
    shown = ", ".join(columns[:12])
    return shown + (f" and {len(columns) - 12} more" if len(columns) > 12 else "")  # noqa: PLR2004  a line's worth


def _without_header(source: str, columns: Sequence[str]) -> str:
    like = [mapping for mapping in mappings().values() if len(mapping.header) == len(columns)]
    names = ",".join(like[0].header) if like else ",".join(f"column{n}" for n in range(1, len(columns) + 1))
    guess = f" (the columns of {like[0].name})" if like else ""
    return (
        f"{source} has no header: its first row of {len(columns)} looks like data; name its columns, such as "
        f"--columns {names}{guess}"
    )
