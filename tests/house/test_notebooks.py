"""Every notebook runs in a fresh kernel, holds no outputs and no functions, and ends with its answer."""

from __future__ import annotations

import ast
import os
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
CELL_LINES = 8
ANSWERS = {
    "01_first_look.ipynb": (
        "Order 42 was cancelled 3 seconds after its card was refused (card_declined: insufficient_funds); "
        "none of the other 899 orders was cancelled for that."
    ),
}


def read(path: Path) -> nbformat.NotebookNode:
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    return notebook


def code_cells(path: Path) -> list[nbformat.NotebookNode]:
    return [cell for cell in read(path).cells if cell.cell_type == "code"]


def test_every_notebook_has_its_answer_here():
    assert {path.name for path in NOTEBOOKS} == set(ANSWERS)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_no_outputs_are_committed(path: Path):
    assert [cell.id for cell in code_cells(path) if cell.outputs or cell.execution_count is not None] == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_cells_are_short_and_define_nothing(path: Path):
    definitions = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
    for cell in code_cells(path):
        assert len(cell.source.splitlines()) <= CELL_LINES, cell.source
        assert not [node for node in ast.walk(ast.parse(cell.source)) if isinstance(node, definitions)], cell.source


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_it_begins_with_a_question_in_words(path: Path):
    first = read(path).cells[0]
    assert first.cell_type == "markdown"
    assert "?" in first.source


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_it_runs_in_a_fresh_kernel_and_ends_with_its_answer(
    path: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    for name in ("HOME", "IPYTHONDIR", "JUPYTER_RUNTIME_DIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR"):
        monkeypatch.setenv(name, str(tmp_path / name.lower()))
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]))
    notebook = read(path)
    NotebookClient(
        notebook, timeout=60, kernel_name="python3", resources={"metadata": {"path": str(path.parent)}}
    ).execute()
    assert [
        output.name for cell in notebook.cells for output in cell.get("outputs", ()) if output.get("name") == "stderr"
    ] == []
    assert notebook.cells[-1].outputs[-1].data["text/markdown"] == ANSWERS[path.name]
