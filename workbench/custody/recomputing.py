"""What of an answer does question.sql work out anew from the tables, and what does it only state?"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from workbench.custody.tables import DATABASE, TABLES

if TYPE_CHECKING:
    from duckdb import DuckDBPyRelation

_OF_RULES = (
    "what each word means under its rule (meanings), as the rule's automaton has read it, and what each `when` says of "
    "what it read (answers)"
)
_STATED = {
    "holds": (
        "which word each life wrote in the letters of each rule, how many lives that concerns, and what is in doubt",
        f"{_OF_RULES}; of the machine alone, what is proved of it (proofs)",
    ),
    "violations": ("which word each life wrote in the letters of each rule, and the events it stands for", _OF_RULES),
    "alignments": (
        "how many lives went through each sequence of states",
        "how each sequence is best aligned with its machine (aligned)",
    ),
    "repairs": (
        "how many moves and lives fit with each change, when and by whom",
        "which change would allow each step (changes)",
    ),
    "why": (
        "what caused the event, step by step, and what each of these events says",
        "which event made it so; the sentences of statement.html tell the rest, as the workbench found it",
    ),
}
_QUOTED = re.compile(r"'(?:[^']|'')*'")
_READS = re.compile(rf'(?i)\b(?:FROM|JOIN)\s+(?:"{DATABASE}"\.main\.)?(?:{"|".join(TABLES)})\b')


def what_is_recomputed(question: str, answer: DuckDBPyRelation) -> str:
    """Return in a sentence what the SQL of an answer works out from the tables, and what it only states."""
    if not _READS.search(_QUOTED.sub("''", answer.sql_query())):
        return "All rows were worked out by the workbench from events.ndjson: question.sql only states them."
    if question not in _STATED:
        return "All rows are worked out anew by question.sql."
    recomputed, stated = _STATED[question]
    return f"Worked out anew by question.sql: {recomputed}. Only stated there: {stated}."
