"""Modules and functions stay small enough to be read in one sitting; each exception says why."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MODULES = sorted([*ROOT.glob("workbench/**/*.py"), *ROOT.glob("benchmarks/**/*.py")])
MODULE_LINES = 320
FUNCTION_LINES = 35  # of the body, without docstring
LONG_MODULES: dict[str, str] = {}
LONG_FUNCTIONS: dict[str, str] = {}


def lines_of(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    first = function.body[0]
    documented = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    return function.end_lineno - (first.end_lineno if documented else first.lineno - 1)


def functions(path: Path) -> dict[str, int]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    return {f"{path.relative_to(ROOT)}:{node.name}": lines_of(node) for node in found}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_modules_stay_short(path: Path):
    name = str(path.relative_to(ROOT))
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MODULE_LINES or name in LONG_MODULES


def test_functions_stay_short():
    sizes = {name: size for path in MODULES for name, size in functions(path).items()}
    long = {name: size for name, size in sizes.items() if size > FUNCTION_LINES and name not in LONG_FUNCTIONS}
    assert long == {}


def test_every_exception_is_still_needed():
    short = [n for n in LONG_MODULES if len((ROOT / n).read_text(encoding="utf-8").splitlines()) <= MODULE_LINES]
    sizes = {name: size for path in MODULES for name, size in functions(path).items()}
    short += [name for name in LONG_FUNCTIONS if sizes.get(name, 0) <= FUNCTION_LINES]
    assert short == []


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_modules_open_with_what_they_answer(path: Path):
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
