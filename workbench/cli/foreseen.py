"""How does it read what an edit would do: on a terminal, in a pull request, for a program?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from workbench.cards import amount, markdown_cell, visible
from workbench.cli.output import objects, records, say, table, title

if TYPE_CHECKING:
    import duckdb

    from workbench.lives.reruns import Diff, WhatIf

Row = dict[str, Any]
_MOST = 20  # rows of a table in a pull request
_HEADS = {"after": "times"}


def as_objects(answer: WhatIf, *, lives: bool = False) -> dict[str, Any]:
    """Return the answer as one JSON object; the lives that part from what they were only where asked, and known."""
    told: dict[str, Any] = {"sentences": list(answer.sentences), "counts": dict(answer.counts)}
    told["suggested"] = dict(answer.suggested)
    told |= {name: objects(getattr(answer, name)) for name in ("moves", "populations", "stranded")}
    if lives:
        told |= {name: objects(getattr(answer, name)) if answer.log else None for name in ("lives", "attributes")}
    return told


def write_history(answer: WhatIf, *, lives: int = 0) -> None:
    """Write what would have become of everyone; of so many lives, where they part from what they were."""
    first, *more = answer.sentences
    title(first)
    for sentence in more:
        say(visible(sentence))
    _write_stranded(objects(answer.stranded))
    if answer.suggested:
        say()
        say(visible(f"Perhaps only renamed: {_renames(answer)}"))
    columns = ("type", "transition", "from_state", "to_state", "after", "refused_before", "refused_after", "elsewhere")
    moves = [{_HEADS.get(name, name): row[name] for name in columns} for row in _changed_moves(answer)]
    _section("Moves that are answered otherwise", moves)
    _section("Where they end up", [row for row in objects(answer.populations) if row["difference"]])
    if lives and answer.log:
        told = "type, aggregate_id, entered_at, from_state, to_state, before, after, state_after"
        _write_relation("Lives, and where each parts first", answer.lives.project(told).limit(lives))
        if (left := answer.counts["diverging"] - lives) > 0:
            say(f"{left:,} more lives: --format json has all")
        _write_relation("Attributes at the end of the changed lives", answer.attributes.limit(lives))


def write_over_time(over_time: duckdb.DuckDBPyRelation, every: str) -> None:
    """Write where they stand at every such instant, where that differs."""
    say()
    title(f"Where they stand, every {every}")
    differing = over_time.filter("difference <> 0")
    table(differing.columns, differing.fetchall())


def _write_stranded(rows: Sequence[Row]) -> None:
    """Write who sits in states that are gone, with the SQL that lists them, whole: it is there to be copied."""
    if rows:
        say()
        title("Stranded in states that are gone")
    for row in rows:
        perhaps = f", perhaps {row['perhaps']} now" if row["perhaps"] else ""
        say(visible(f"{row['aggregates']:>6,}  {row['type']} in {row['state']}{perhaps}"))
        say(visible(f"        {row['sql']}"))


def write_versions(found: Diff) -> None:
    """Write what changed in each machine; those without a difference in one line."""
    for sign, names, what in (("-", found.removed, "gone"), ("+", found.added, "new")):
        for name in names:
            say(visible(f"{sign} machine {name!r} is {what}"))
    for one in found.machines:
        if not one.same:
            say("\n".join(map(visible, one.text().splitlines())))
    if same := [one.new.name for one in found.machines if one.same]:
        say(visible(f"no difference: {', '.join(same)}"))


def as_markdown(answer: WhatIf | None, versions: Diff | None = None) -> str:
    """Return the answer as a comment on a pull request: what matters first, the rest to be unfolded."""
    lines: list[str] = []
    if answer is not None:
        first, *more = answer.sentences
        lines += [f"### {markdown_cell(first)}", "", markdown_cell(" ".join(more)), ""]
        lines += _stranded(objects(answer.stranded)) + _moves(_changed_moves(answer))
        lines += (
            [f"Perhaps only renamed: <code>{markdown_cell(_renames(answer))}</code>", ""] if answer.suggested else []
        )
    for one in [one for one in versions.machines if not one.same] if versions else ():
        head = f"{one.new.name}: {amount(len(one.changes), 'change')}"
        lines += _folded(head, one.markdown(), unfolded=answer is None)
    for kind in ("removed", "added"):
        names = getattr(versions, kind) if versions else ()
        lines += [f"Machines {kind}: {', '.join(map(markdown_cell, names))}", ""] if names else []
    if versions is not None and versions.same:
        lines += ["No difference between the machines.", ""]
    if answer is not None:
        columns = ("type", "state", "before", "after", "difference")
        rows = [[_text(row[name]) for name in columns] for row in objects(answer.populations)]
        lines += _folded("Where lives end up", "\n".join(_table(columns, rows)))
        lines += ["<sub>What was recorded is run again; what people would have done instead is not guessed.</sub>"]
    return "\n".join(lines).rstrip()


def _stranded(rows: Sequence[Row]) -> list[str]:
    head = ("stranded in", "aggregates", "perhaps now", "lists them")
    told = [
        [
            *(_text(row[name]) for name in ("state", "aggregates", "perhaps")),
            f"<code>{markdown_cell(row['sql'])}</code>",
        ]
        for row in rows
    ]
    return _table(head, told)


def _moves(rows: Sequence[Row]) -> list[str]:
    head = ("move", "times", "refused before", "refused after")
    told = [
        [
            f"{markdown_cell(row['from_state'] or 'beginning')} → {markdown_cell(row['to_state'] or '')}"
            + (f" by {markdown_cell(row['transition'])}" if row["transition"] else ""),
            *(_text(row[name]) for name in ("after", "refused_before", "refused_after")),
        ]
        for row in rows
    ]
    return _table(head, told)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    if not rows:
        return []
    lines = [f"| {' | '.join(row)} |" for row in rows[:_MOST]]
    more = [f"and {len(rows) - _MOST:,} more", ""] if len(rows) > _MOST else []
    return [f"| {' | '.join(head)} |", "|" + "---|" * len(head), *lines, "", *more]


def _renames(answer: WhatIf) -> str:
    return " ".join(f"--rename {old}={new}" for old, new in answer.suggested.items())


def _folded(summary: str, body: str, *, unfolded: bool = False) -> Iterator[str]:
    from html import escape

    if unfolded:
        yield body
    else:
        yield from (f"<details><summary>{escape(summary)}</summary>", "", body.rstrip(), "", "</details>", "")


def _text(value: Any) -> str:
    return "" if value is None else f"{value:,}" if isinstance(value, int) else markdown_cell(str(value))


def _changed_moves(answer: WhatIf) -> list[Row]:
    changed = ("newly_refused", "newly_allowed", "elsewhere")
    return [row for row in objects(answer.moves) if any(row[name] for name in changed)]


def _section(heading: str, rows: Sequence[Row]) -> None:
    if rows:
        say()
        title(heading)
        records(rows)


def _write_relation(heading: str, relation: duckdb.DuckDBPyRelation) -> None:
    """Write a table whose instants are read by a person, not by a program."""
    if rows := relation.fetchall():
        say()
        title(heading)
        table(relation.columns, rows)
