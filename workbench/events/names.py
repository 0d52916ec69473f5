"""What is the shortest unambiguous name of each aggregate type?"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable


def short_names(types: Iterable[str]) -> dict[str, str]:
    r"""Return for each aggregate type its shortest name that no other type shares.

    Examples
    --------
    >>> short_names(["App\\Models\\Order", "Legacy\\Order", "App\\Models\\Item"])
    {'App\\Models\\Order': 'Models\\Order', 'Legacy\\Order': 'Legacy\\Order', 'App\\Models\\Item': 'Item'}
    """
    endings = {name: _endings(name) for name in types}
    shared = Counter(ending for each in endings.values() for ending in set(each))
    return {name: next((end for end in each if shared[end] == 1), name) for name, each in endings.items()}


def _endings(name: str) -> list[str]:
    r"""Return the ends of a name, shortest first: `Order`, `Models\Order`, `App\Models\Order`."""
    starts = [found.end() for found in re.finditer(r"[\\./:]+", name) if found.end() < len(name)]
    return [name[start:] for start in reversed(starts)] + [name]
