"""Every notebook runs in a fresh kernel, holds no outputs and no functions, ends with its answer, becomes a page."""

from __future__ import annotations

import ast
import importlib.util
import os
import sys
from html.parser import HTMLParser
from pathlib import Path
from types import ModuleType

import nbformat
import pytest

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
CELL_LINES = 8
ANSWERS = {
    "01_first_look.ipynb": (
        "Order 42 was cancelled 3 seconds after its card was refused (card_declined: insufficient_funds); "
        "none of the other 899 orders was cancelled for that."
    ),
    "02_your_own_export.ipynb": (
        "Of 1,001 rows 950 are events, 41 were sent twice and 10 are refused, each with its reason; the 4 parcels that "
        "seem to be on the road were delivered, as 4 of the refused rows say; and at the depot of Lyon half of the "
        "parcels wait more than 19.7 hours, elsewhere no more than 9.2."
    ),
    "03_from_complaint_to_cause.ipynb": (
        "Nobody cancelled order 42: its card was refused (card_declined: insufficient_funds), which released its "
        "stock, lot 5042, which 3 seconds after the refusal cancelled the order; none of the 34 other orders cancelled "
        "from confirmed went that way."
    ),
    "04_audit_trail.ipynb": (
        "3 of the 723 orders that were fulfilled had not been confirmed: order 317 by user 5, order 588 by user 3, "
        "order 731 by user 5; numbers 5000 to 5039 of the store are missing, yet none of the 900 orders differs from "
        "the shop's own table; anyone with the proof and DuckDB finds the same 3."
    ),
    "05_funnels_by_cohort.ipynb": (
        "Half of the orders placed in the week of 09 February, under release 2.4, waited more than 4.1 hours to be "
        "confirmed, where it is 1.9 to 2.1 in every week before and after; no more of them were lost than of the "
        "others."
    ),
    "06_is_the_machine_sound.ipynb": (
        "The draft is not sound: nothing leads out of on_hold, nothing leads to backordered, so stock_arrived can "
        "never fire; the machines in service have no errors, and of 8,716 recorded moves 3 break them, all in orders."
    ),
    "07_changing_the_machine.ipynb": (
        "As it stands, the edit would have refused 723 of 2,541 moves and strands 723 orders; with fulfilled renamed "
        "to shipped it refuses the same 3 that were never allowed and strands none."
    ),
    "08_live_dashboard.ipynb": (
        "17 devices, all of batch B7, began to connect between 02:10 and 02:13, and none of them was through by 05:55, "
        "where half take 12 seconds: the rollout is to be stopped. Not a row of the 7,350 followed was lost."
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


class Addresses(HTMLParser):
    """What the tags of a page lead to or fetch."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(page)

    def handle_starttag(self, _: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value or "" for name, value in attrs if name in {"src", "href", "srcset", "action"}]


@pytest.fixture
def pages(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> ModuleType:
    """The module that runs notebooks and writes their pages, in a home of its own."""
    for name in ("HOME", "IPYTHONDIR", "JUPYTER_RUNTIME_DIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR"):
        monkeypatch.setenv(name, str(tmp_path / name.lower()))
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]))
    spec = importlib.util.spec_from_file_location("notebook_pages", ROOT / "docs" / "notebook_pages.py")
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, spec.name, module)
    spec.loader.exec_module(module)
    return module


def test_how_far_an_import_is_on_a_slow_machine_is_no_trouble_and_not_kept(pages: ModuleType, tmp_path: Path):
    told = 'import sys; sys.stderr.write("\\rimporting: 8%\\rimporting: 60%\\r              \\r")'
    cells = [nbformat.v4.new_code_cell(source) for source in (told, 'import sys; sys.stderr.write("trouble")')]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), tmp_path / "slow.ipynb")
    outputs = [cell.outputs for cell in pages.run(tmp_path / "slow.ipynb").notebook.cells]
    assert [[output.text for output in each if output.get("name") == "stderr"] for each in outputs] == [[], ["trouble"]]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_it_runs_in_a_fresh_kernel_ends_with_its_answer_and_becomes_a_page(path: Path, pages: ModuleType):
    told = pages.run(path)
    outputs = [output for cell in told.notebook.cells for output in cell.get("outputs", ())]
    assert [output.text for output in outputs if output.get("name") == "stderr"] == []
    assert told.answer == ANSWERS[path.name]
    shown = [output.data for output in outputs if "data" in output]
    pairs = zip([{}, *shown], shown, strict=False)
    assert [
        view for still, view in pairs if pages.WIDGET in view and "data-wb-static" not in still.get("text/html", "")
    ] == []
    page = pages.page(told)
    assert page.count("Plotly.newPlot(") >= sum(pages.FIGURE in data for data in shown)
    assert Addresses(page).found == ["index.html"]
    assert told.question in told.notebook.cells[0].source
    assert set(Addresses(pages.index({"there.html": told})).found) == {"there.html"}


def test_readme_says_what_each_notebook_is_about():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [path.name for path in NOTEBOOKS if f"- `{path.name}`: " not in readme] == []
