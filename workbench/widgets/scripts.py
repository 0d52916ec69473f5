"""What does a view bring into the browser? Hand-written scripts and styles from this package, and nothing else."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def asset(name: str) -> str:
    """Return the text of a file of `workbench/widgets/static`, or nothing where a view has none of that kind."""
    found = files("workbench.widgets") / "static" / name
    return found.read_text(encoding="utf-8") if found.is_file() else ""


def script(view: str) -> str:
    """Return the module of a view: what all share, then its own, which ends with `export default { render }`."""
    return f"{asset('core.js')}\n{asset(f'{view}.js')}"


def style(view: str) -> str:
    """Return the styles of a view: what all share, then its own."""
    return f"{asset('core.css')}\n{asset(f'{view}.css')}"
