"""A view in a bare page of a real browser, with its Python behind it: the messages are those of a notebook."""

from __future__ import annotations

import sys
from base64 import b64encode
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import workbench as wb
from workbench.widgets import View
from workbench.widgets.exporting import page as page_of

sys.path.append(str(Path(__file__).parent))  # for what these tests share

from orders import MACHINE, orders

PICTURES = Path(__file__).resolve().parents[2] / "out" / "pictures"
DELIVER = """([still, updates, custom]) => {
    const model = window.workbenchModels.find((one) => one.get('still') === still);
    for (const [plain, bytes] of updates) {
        model.take({...plain, ...Object.fromEntries(Object.entries(bytes).map(([k, v]) => [k, model.decode(v)]))});
    }
    for (const content of custom) model.hear(content);
}"""
KERNEL = """window.workbenchKernel = (kind, content, still) => window.workbenchPython(kind, content, still);"""


@pytest.fixture
def log() -> wb.EventLog:
    """Return a few orders, of which a module may have a log of its own."""
    return wb.read_events(orders())


@pytest.fixture
def machines(tmp_path: Path) -> wb.Machines:
    """Return their machine."""
    (tmp_path / "order.yaml").write_text(MACHINE, encoding="utf-8")
    return wb.read_machines(tmp_path / "order.yaml")


class Shown:
    """A view on a page: `page` is Playwright's, `errors` and `asked` are what its console and network said."""

    def __init__(self, view: View, page: Any, *, soak: bool) -> None:
        self.view, self.page, self._soak = view, page, soak
        self.errors: list[str] = []
        self.asked: list[str] = []
        self.root = page.locator(".wb-view")

    def aria(self) -> str:
        """Return the accessibility tree of the view."""
        return str(self.root.aria_snapshot())

    def picture(self, name: str) -> None:
        """Keep a picture in out/pictures, where the slow tests run."""
        if self._soak:
            self.root.screenshot(path=PICTURES / f"{name}.png")

    def until(self, script: str, argument: Any = None) -> None:
        """Wait until a JavaScript condition holds."""
        self.page.wait_for_function(script, arg=argument)

    def hear(self, kind: str, content: dict[str, Any]) -> None:
        """Hand a message of the page to the view, as a kernel does."""
        data = {"method": "custom", "content": content}
        if kind == "update":
            data = {"method": "update", "state": content, "buffer_paths": []}
        self.view._handle_msg({"content": {"data": data}, "buffers": []})

    def deliver(self, data: dict[str, Any], buffers: list[Any]) -> None:
        """Hand a message of the view to the page."""
        if data.get("method") == "custom":
            self.page.evaluate(DELIVER, [self.view.still, [], [data["content"]]])
        elif data.get("method") == "update":
            paths = [path[0] for path in data["buffer_paths"]]
            packed = {path: b64encode(bytes(one)).decode() for path, one in zip(paths, buffers, strict=True)}
            plain = {name: value for name, value in data["state"].items() if name not in paths}
            self.page.evaluate(DELIVER, [self.view.still, [[plain, packed]], []])


@pytest.fixture
def show(browser: Any, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[..., Shown]]:
    """Give `show(view, dark=False, calm=False, width=1240, kernel=True)`; at the end no page may have complained.

    Without `kernel` it is the exported file, opened from the disk.
    """
    contexts, opened = [], []

    def shown(
        view: View, *, dark: bool = False, calm: bool = False, width: int = 1240, kernel: bool = True, zoom: float = 1
    ) -> Shown:
        context = browser.new_context(
            viewport={"width": round(width / zoom), "height": round(900 / zoom)},
            device_scale_factor=zoom,
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce" if calm else "no-preference",
            offline=True,
        )
        page = context.new_page()
        page.set_default_timeout(30_000)
        one = Shown(view, page, soak=request.config.option.markexpr == "soak")
        page.on("console", lambda said: one.errors.append(said.text) if said.type in {"error", "warning"} else None)
        page.on("pageerror", lambda error: one.errors.append(str(error)))
        page.on("dialog", lambda dialog: (one.errors.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        page.on("request", lambda asked: one.asked.append(asked.url))
        if kernel:
            page.expose_function("workbenchPython", lambda kind, content, _: one.hear(kind, content))
            page.add_init_script(KERNEL)
        path = tmp_path / f"view-{len(opened)}.html"
        path.write_text(page_of(view), encoding="utf-8")
        if kernel:
            view.comm.publish_msg = lambda _, data=None, buffers=None, **__: one.deliver(data or {}, buffers or [])
        page.goto(path.as_uri())
        contexts.append(context)
        opened.append(one)
        return one

    yield shown
    for context in contexts:
        context.close()
    assert [error for one in opened for error in one.errors] == []
    assert [url for one in opened for url in one.asked if not url.startswith("file:")] == []
