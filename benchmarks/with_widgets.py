"""How soon does time travel appear, and how smoothly is it scrubbed? In a browser without a graphics card."""

from __future__ import annotations

import shutil
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, NamedTuple

import workbench as wb
from benchmarks.logs import MACHINE
from workbench.widgets.exporting import page

Rows = list[list[Any]]

SWITCHES = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
PAINTED = """() => new Promise((painted) => {
    const look = () => document.querySelector('.wb-band') && document.querySelector('.wb-clock')?.textContent
        ? requestAnimationFrame(() => requestAnimationFrame(() => painted(true))) : setTimeout(look, 5);
    look();
})"""
SCRUB = """() => new Promise((done) => {
    const slider = document.querySelector('.wb-scrub');
    const box = slider.getBoundingClientRect();
    const y = box.top + 40;
    const at = (share) => ({ clientX: box.left + share * box.width, clientY: y, pointerId: 1, bubbles: true });
    slider.setPointerCapture = () => {};
    slider.dispatchEvent(new PointerEvent('pointerdown', { ...at(0.5), button: 0 }));
    const frames = [];
    const shown = new Set();
    let [begun, last] = [null, null];
    const frame = (time) => {
        begun ??= time;
        if (last !== null) frames.push(time - last);
        last = time;
        shown.add(document.querySelector('.wb-clock').textContent);
        slider.dispatchEvent(new PointerEvent('pointermove', at(0.5 + 0.48 * Math.sin((time - begun) / 400))));
        if (time - begun < 3000) requestAnimationFrame(frame);
        else {
            slider.dispatchEvent(new PointerEvent('pointerup', at(0.5)));
            frames.sort((one, other) => one - other);
            done([frames.length, frames[Math.floor(frames.length * 0.95)], shown.size]);
        }
    };
    requestAnimationFrame(frame);
})"""


class Ready(NamedTuple):
    """An opened log, an open browser, and where to write a page."""

    log: wb.EventLog
    browser: Any
    folder: Path


def load(log: Path) -> Ready:
    """Return the stored log and a browser; libraries are loaded, as after the first cell of a notebook."""
    from playwright.sync_api import sync_playwright

    _ = wb.widgets.time_travel
    browser = sync_playwright().start().chromium.launch(executable_path=shutil.which("chromium"), args=SWITCHES)
    return Ready(wb.open_log(log / "shop.duckdb"), browser, Path(mkdtemp()))


def _opened(ready: Ready) -> tuple[wb.widgets.TimeTravel, Any]:
    view = wb.widgets.time_travel(ready.log, wb.read_machines(MACHINE), "Order")
    path = ready.folder / "view.html"
    path.write_text(page(view), encoding="utf-8")
    sheet = ready.browser.new_page(viewport={"width": 1240, "height": 900})
    sheet.goto(path.as_uri())
    sheet.evaluate(PAINTED)
    return view, sheet


def first_paint(ready: Ready, _: dict[str, Any]) -> Rows:
    """Return what a view holds when it has been painted: its Python, its page and two frames are timed."""
    view, sheet = _opened(ready)
    sheet.close()
    return [["edges", view.edges], ["bytes of counts", len(view.counts)]]


def scrub(ready: Ready, _: dict[str, Any]) -> Rows:
    """Return frames of three seconds of scrubbing, the 95 % quantile of their milliseconds, and instants shown."""
    _, sheet = _opened(ready)
    frames, slow, shown = sheet.evaluate(SCRUB)
    sheet.close()
    return [["frames", frames], ["p95_ms", slow], ["instants", shown]]


QUESTIONS = {f.__name__: f for f in (first_paint, scrub)}
