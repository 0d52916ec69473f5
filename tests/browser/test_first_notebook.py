"""The first notebook in JupyterLab in a real browser: all cells run, a life is stepped through, nothing leaves."""

from __future__ import annotations

from pathlib import Path

NAME = "01_first_look.ipynb"
FIGURES = (Path(__file__).resolve().parents[2] / "notebooks" / NAME).read_text(encoding="utf-8").count("wb.figures.")
DRAWN = """() => [...document.querySelectorAll('.js-plotly-plot')].map(
    (plot) => plot.querySelector('.gtitle')?.textContent ?? '')"""


def test_all_cells_run_a_life_is_stepped_through_and_nothing_leaves_the_machine(sync_api, notebook):
    shown = notebook(NAME)
    shown.run_all()
    page = shown.page

    life = page.get_by_role("region", name="Life of Order 42")
    lane = life.get_by_role("slider")
    sync_api.expect(lane).to_have_attribute("aria-valuenow", "1")
    lane.focus()
    for place, state in (("2", "confirmed"), ("3", "confirmed"), ("4", "cancelled")):
        page.keyboard.press("ArrowRight")
        sync_api.expect(lane).to_have_attribute("aria-valuenow", place)
        sync_api.expect(life.get_by_role("status").first).to_contain_text(state)
        sync_api.expect(life.locator("[data-now]")).to_have_attribute("data-state", state)
    page.keyboard.press("ArrowLeft")
    sync_api.expect(life).to_contain_text("card_declined: insufficient_funds")

    page.wait_for_function(f"() => ({DRAWN})().filter(Boolean).length === {FIGURES}")
    titles = page.evaluate(DRAWN)
    sync_api.expect(page.locator(".jp-Notebook")).to_contain_text("Order 42 was cancelled 3 seconds after")
    assert any(title.startswith("723 of 900 orders are fulfilled") for title in titles)
    assert (shown.errors, shown.strangers) == ([], [])
    assert any(address.startswith("ws://127.0.0.1") for address in shown.addresses)
