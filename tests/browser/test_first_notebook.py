"""The first notebook in JupyterLab in a real browser: all cells run, the slider moves, nothing leaves the machine."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest

pytest.importorskip("jupyterlab", reason="needs JupyterLab: pip install -e '.[dev]'")
sync_api = pytest.importorskip("playwright.sync_api", reason="needs Playwright: pip install -e '.[dev]'")

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOK = "notebooks/01_first_look.ipynb"
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
FIGURES = (ROOT / NOTEBOOK).read_text(encoding="utf-8").count("wb.figures.")
PATIENCE = 90_000  # milliseconds; a loaded machine is slow, which is no failure
RUN_ALL = "() => window.jupyterapp.commands.execute('notebook:run-all-cells')"
READY = """async () => {
    await window.jupyterapp.restored;
    const context = window.jupyterapp.shell.currentWidget?.context;
    if (!context?.isReady || !context.sessionContext.isReady) return false;
    await context.sessionContext.session.kernel.info;
    window.jupyterapp.shell.activateById(window.jupyterapp.shell.currentWidget.id);
    return window.jupyterapp.commands.isEnabled('notebook:run-all-cells');
}"""
DRAWN = """() => [...document.querySelectorAll('.js-plotly-plot')].map(
    (plot) => plot.querySelector('.gtitle')?.textContent ?? '')"""

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium: apt-get install chromium")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def surroundings(home: Path) -> dict[str, str]:
    """A home of its own: no settings of the person who runs the tests, no announcements, all cells in the page."""
    lab = home / "config" / "labconfig"
    lab.mkdir(parents=True)
    quiet = {"disabledExtensions": {"@jupyterlab/apputils-extension:announcements": True}}
    (lab / "page_config.json").write_text(json.dumps(quiet), encoding="utf-8")
    tracker = home / "settings" / "@jupyterlab" / "notebook-extension" / "tracker.jupyterlab-settings"
    tracker.parent.mkdir(parents=True)
    tracker.write_text(json.dumps({"windowingMode": "none"}), encoding="utf-8")
    places = {"HOME": "", "JUPYTER_CONFIG_DIR": "config", "JUPYTER_DATA_DIR": "data", "JUPYTER_RUNTIME_DIR": "runtime"}
    places |= {
        "IPYTHONDIR": "ipython",
        "JUPYTERLAB_SETTINGS_DIR": "settings",
        "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
    }
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("JUPYTER", "PYTEST"))}
    return kept | {name: str(home / place) for name, place in places.items()} | {"PYTHONPATH": str(ROOT)}


def copied(home: Path) -> Path:
    """The notebook beside the data it reads, where the server may write."""
    place = home / "work"
    (place / "notebooks").mkdir(parents=True)
    shutil.copy(ROOT / NOTEBOOK, place / NOTEBOOK)
    for folder in ("machines", "sample_events"):
        (place / folder).symlink_to(ROOT / folder)
    return place


@contextmanager
def lab(home: Path) -> Iterator[str]:
    port, token = free_port(), secrets.token_hex(16)
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ServerApp.ip=127.0.0.1"]
    command += [f"--ServerApp.port={port}", "--ServerApp.port_retries=0", f"--IdentityProvider.token={token}"]
    command += ["--LabApp.expose_app_in_browser=True", f"--ServerApp.root_dir={copied(home)}"]
    with (home / "server.log").open("wb") as written:
        server = subprocess.Popen(command, cwd=home, env=surroundings(home), stdout=written, stderr=written)
    try:
        wait_for(server, f"http://127.0.0.1:{port}/api/status", token, home / "server.log")
        yield f"http://127.0.0.1:{port}/lab/tree/{NOTEBOOK}?reset&token={token}"
    finally:
        server.terminate()
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def wait_for(server: subprocess.Popen[bytes], url: str, token: str, written: Path) -> None:
    request = urllib.request.Request(url, headers={"Authorization": f"token {token}"})  # noqa: S310  our own server
    until = time.monotonic() + PATIENCE / 1000
    while time.monotonic() < until and server.poll() is None:
        try:
            with urllib.request.urlopen(request, timeout=5):  # noqa: S310  our own server
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
    pytest.fail("JupyterLab did not start:\n" + written.read_text(encoding="utf-8", errors="replace")[-2000:])


def until_ready(page: object) -> None:
    """Ask again and again: `wait_for_function` takes the promise of an async function for its answer."""
    until = time.monotonic() + PATIENCE / 1000
    while not page.evaluate(READY):
        assert time.monotonic() < until, "the notebook's kernel did not start"
        time.sleep(0.2)


def at_home(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme in {"data", "blob", "about"} or parts.hostname == "127.0.0.1"


def test_all_cells_run_the_slider_moves_and_nothing_leaves_the_machine(tmp_path: Path):
    pictures = ROOT / "out" / "browser"
    pictures.mkdir(parents=True, exist_ok=True)
    errors: list[str] = []
    addresses: list[str] = []
    with lab(tmp_path) as url, sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        page = browser.new_page(viewport={"width": 1300, "height": 1000})
        page.set_default_timeout(PATIENCE)
        page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("request", lambda request: addresses.append(request.url))
        page.on("websocket", lambda channel: addresses.append(channel.url))
        page.goto(url)
        page.wait_for_function("() => window.jupyterapp !== undefined")
        until_ready(page)
        assert page.evaluate(RUN_ALL) is True

        moment = page.locator(".wb-life")
        sync_api.expect(moment).to_have_attribute("data-place", "1")
        handle = page.locator(".noUi-handle").first
        handle.focus()
        for place, state in (("2", "confirmed"), ("3", "confirmed"), ("4", "cancelled")):
            page.keyboard.press("ArrowRight")
            sync_api.expect(moment).to_have_attribute("data-place", place)
            sync_api.expect(moment).to_have_attribute("data-state", state)
            sync_api.expect(page.locator(".wb-life [data-now]")).to_have_attribute("data-state", state)
        page.keyboard.press("ArrowLeft")
        sync_api.expect(moment).to_contain_text("card_declined: insufficient_funds")
        page.screenshot(path=pictures / "slider.png")

        page.wait_for_function(f"() => ({DRAWN})().filter(Boolean).length === {FIGURES}")
        titles = page.evaluate(DRAWN)
        sync_api.expect(page.locator(".jp-Notebook")).to_contain_text("Order 42 was cancelled 3 seconds after")
        browser.close()
    assert any(title.startswith("723 of 900 orders are fulfilled") for title in titles)
    assert errors == []
    assert [address for address in addresses if not at_home(address)] == []
    assert any(address.startswith("ws://127.0.0.1") for address in addresses)
