"""What does the product look like? Four figures of the sample shop, drawn by it: `python docs/pictures/first_look.py`.

Needs Chromium; writes first_look.png beside this file.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

import workbench as wb

ROOT = Path(__file__).resolve().parents[2]
PICTURE = Path(__file__).with_suffix(".png")
PAGE = """<meta charset="utf-8"><style>
body {{ margin: 0; padding: 16px; width: 1300px; background: #fff; }}
body {{ display: grid; grid-template-columns: 720px 560px; gap: 4px 20px; }}
</style>{figures}"""
SIZES = ((720, 250), (560, 250), (720, 330), (560, 330))


def page() -> str:
    """Return the four figures as one page."""
    machine = wb.read_machines(ROOT / "machines")["OrderStateMachine"]
    log = wb.read_events(ROOT / "sample_events" / "shop.ndjson")
    orders = log.of("Order")
    steps = ["pending", "confirmed", "fulfilled"]
    figures = [
        wb.figures.machine(machine, wb.transition_counts(orders)),
        wb.figures.funnel(wb.funnel(orders, steps), machine),
        wb.figures.states_over_time(wb.states_over_time(orders, every="1 day"), machine),
        wb.figures.replay(wb.replay(log.of("Order", 42)), machine, name="Order 42"),
    ]
    parts = []
    for number, (figure, (width, height)) in enumerate(zip(figures, SIZES, strict=True)):
        figure.update_layout(width=width, height=height, title_font_size=13)
        parts.append(figure.to_html(full_html=False, include_plotlyjs=number == 0, config={"displayModeBar": False}))
    return PAGE.format(figures="".join(f"<div>{part}</div>" for part in parts))


def main() -> None:
    """Write the picture."""
    browser = shutil.which("chromium") or "google-chrome"
    with tempfile.TemporaryDirectory() as folder:
        shown = Path(folder) / "page.html"
        shown.write_text(page(), encoding="utf-8")
        options = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--window-size=1332,620"]
        options += [f"--user-data-dir={folder}/profile", "--disable-background-networking"]
        options += ["--virtual-time-budget=8000", f"--screenshot={PICTURE}"]
        subprocess.run([browser, *options, f"file://{shown}"], check=True, capture_output=True)


if __name__ == "__main__":
    main()
