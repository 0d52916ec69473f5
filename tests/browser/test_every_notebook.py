"""Every notebook in JupyterLab in a real browser: its cells run, quietly, at home, on a light page and a dark one."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NAMES = sorted(path.name for path in (ROOT / "notebooks").glob("*.ipynb"))
# How far a slow machine is with an import is no complaint.
COMPLAINTS = """() => [...document.querySelectorAll('.jp-OutputArea [data-mime-type$=stderr]')].map(
    (output) => output.textContent.replace(/\\w+: \\d+%/g, '').trim()).filter((text) => text)"""
BACKGROUND = "() => getComputedStyle(document.querySelector('.jp-Notebook')).backgroundColor"
ASTRAY = """() => [...document.querySelectorAll('.wb-card td:not(.wb-number)')].filter(
    (cell) => getComputedStyle(cell).textAlign !== 'left').length"""
# What is wider than its cell is cut, unless it scrolls by itself.
CUT = """() => [...document.querySelectorAll('.jp-OutputArea-output')].filter(
    (output) => output.scrollWidth > output.clientWidth + 1
        && getComputedStyle(output).overflowX === 'visible').length"""

pytestmark = pytest.mark.soak


@pytest.mark.parametrize("name", NAMES)
def test_all_cells_run_without_a_complaint_and_nothing_leaves_the_machine(notebook, name: str):
    shown = notebook(name)
    shown.theme("Light")
    shown.run_all()
    shown.page.wait_for_load_state()
    assert shown.page.evaluate(COMPLAINTS) == []
    assert shown.page.evaluate(CUT) == 0
    assert shown.page.evaluate(ASTRAY) == 0
    shown.picture(Path(name).stem)
    light = shown.page.evaluate(BACKGROUND)
    shown.theme("Dark")
    assert shown.page.evaluate(BACKGROUND) != light
    shown.picture(f"{Path(name).stem}_dark")
    assert (shown.errors, shown.strangers) == ([], [])
