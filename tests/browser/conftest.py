"""JupyterLab and a real browser for the tests in this folder: what the page asked for and complained about is kept."""

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
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import urlsplit

import pytest

ROOT = Path(__file__).resolve().parents[2]
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
PATIENCE = 90_000  # milliseconds; a loaded machine is slow, which is no failure
RUN_ALL = "() => window.jupyterapp.commands.execute('notebook:run-all-cells')"
THEME = "(theme) => window.jupyterapp.commands.execute('apputils:change-theme', {theme})"
SHUT_DOWN = "() => window.jupyterapp.shell.currentWidget?.context?.sessionContext.shutdown()"
SAVE = "() => window.jupyterapp.commands.execute('docmanager:save')"
RUN_ONE = """(number) => {
    window.jupyterapp.shell.currentWidget.content.activeCellIndex = number;
    window.jupyterapp.commands.execute('notebook:run-cell');
}"""
HEIGHT = "() => document.querySelector('.jp-WindowedPanel-outer')?.scrollHeight ?? document.body.scrollHeight"
TO_THE_TOP = "() => document.querySelector('.jp-WindowedPanel-outer')?.scrollTo(0, 0)"
READY = """async () => {
    if (window.jupyterapp === undefined) return false;
    await window.jupyterapp.restored;
    const context = window.jupyterapp.shell.currentWidget?.context;
    if (!context?.isReady || !context.sessionContext.isReady) return false;
    await context.sessionContext.session.kernel.info;
    window.jupyterapp.shell.activateById(window.jupyterapp.shell.currentWidget.id);
    return window.jupyterapp.commands.isEnabled('notebook:run-all-cells');
}"""


class Watched:
    """A page of the browser, with every address it asked for and every error it told.

    Attributes
    ----------
    page
        The Playwright page.
    errors, addresses
        What the console and the page complained of; what was asked for, web sockets included.
    """

    def __init__(self, page: Any) -> None:
        self.page = page
        self.errors: list[str] = []
        self.addresses: list[str] = []
        page.set_default_timeout(PATIENCE)
        page.on("console", lambda message: self.errors.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("request", lambda request: self.addresses.append(request.url))
        page.on("websocket", lambda channel: self.addresses.append(channel.url))

    @property
    def strangers(self) -> list[str]:
        """Return the addresses that are not on this machine."""
        return [url for url in self.addresses if not _at_home(url)]

    def until_ready(self) -> None:
        """Ask again and again: `wait_for_function` takes the promise of an async function for its answer."""
        until = time.monotonic() + PATIENCE / 1000
        while not self.page.evaluate(READY):
            assert time.monotonic() < until, "the notebook's kernel did not start"
            time.sleep(0.2)

    def run_all(self) -> None:
        assert self.page.evaluate(RUN_ALL) is True, "a cell failed"

    def begin(self, number: int) -> None:
        """Run one cell, from 0, and do not wait for its end."""
        self.page.evaluate(RUN_ONE, number)

    def prompt(self, number: int) -> Any:
        """Return what stands before a cell: a star while it runs. The kernel calls itself idle after each message."""
        return self.page.locator(".jp-InputPrompt").nth(number)

    def theme(self, name: str) -> None:
        """Change to "Light" or "Dark"; the server remembers it."""
        self.page.evaluate(THEME, f"JupyterLab {name}")
        self.page.wait_for_selector(f"body[data-jp-theme-name='JupyterLab {name}']", state="attached")

    def reload(self) -> None:
        """Save and load the page again; its kernel lives on."""
        self.page.evaluate(SAVE)
        self.page.reload()
        self.until_ready()

    def picture(self, name: str) -> None:
        """Keep a picture of the whole notebook in out/browser."""
        folder = ROOT / "out" / "browser"
        folder.mkdir(parents=True, exist_ok=True)
        view = self.page.viewport_size
        self.page.set_viewport_size({"width": view["width"], "height": self.page.evaluate(HEIGHT) + 120})
        self.page.evaluate(TO_THE_TOP)
        self.page.screenshot(path=folder / f"{name}.png")
        self.page.set_viewport_size(view)


def _at_home(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme in {"data", "blob", "about", "file"} or parts.hostname == "127.0.0.1"


@pytest.fixture(scope="session")
def sync_api() -> ModuleType:
    return pytest.importorskip("playwright.sync_api", reason="needs Playwright: pip install -e '.[dev]'")


# Not for the whole session: while Playwright runs, no other test could start an event loop.
@pytest.fixture(scope="module")
def browser(sync_api: ModuleType) -> Iterator[Any]:
    if CHROMIUM is None:
        pytest.skip("needs Chromium: apt-get install chromium")
    with sync_api.sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        yield launched
        launched.close()


@pytest.fixture
def watched(browser: Any) -> Iterator[Callable[[], Watched]]:
    """Open pages of a browser that knows nothing of the test before."""
    context = browser.new_context(viewport={"width": 1300, "height": 1000})
    yield lambda: Watched(context.new_page())
    context.close()


@dataclass(frozen=True)
class Lab:
    """A JupyterLab that runs: the folder of its notebooks, and the address of each."""

    folder: Path
    server: str
    token: str

    def address(self, name: str) -> str:
        return f"{self.server}/lab/tree/notebooks/{name}?reset&token={self.token}"

    def write(self, name: str, cells: Sequence[str]) -> None:
        """Write a notebook of cells of code."""
        code = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
        kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
        text = {"cells": [{**code, "source": cell} for cell in cells], "metadata": kernel}
        (self.folder / name).write_text(json.dumps({**text, "nbformat": 4, "nbformat_minor": 4}), encoding="utf-8")


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """Start JupyterLab on copies of the notebooks."""
    pytest.importorskip("jupyterlab", reason="needs JupyterLab: pip install -e '.[dev]'")
    if CHROMIUM is None:
        pytest.skip("needs Chromium: apt-get install chromium")
    with _started(tmp_path_factory.mktemp("lab")) as running:
        yield running


@pytest.fixture
def notebook(lab: Lab, watched: Callable[[], Watched]) -> Iterator[Callable[..., Watched]]:
    """Open a notebook by its name, or one of these cells, its kernel ready; the kernel ends with the test."""
    opened: list[Watched] = []

    def opener(name: str, *cells: str) -> Watched:
        if cells:
            lab.write(name, cells)
        shown = watched()
        shown.page.goto(lab.address(name))
        shown.until_ready()
        opened.append(shown)
        return shown

    yield opener
    for shown in opened:
        shown.page.evaluate(SHUT_DOWN)


@contextmanager
def _started(home: Path) -> Iterator[Lab]:
    port, token, folder = _free_port(), secrets.token_hex(16), _copied(home)
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ServerApp.ip=127.0.0.1"]
    command += [f"--ServerApp.port={port}", "--ServerApp.port_retries=0", f"--IdentityProvider.token={token}"]
    command += ["--LabApp.expose_app_in_browser=True", f"--ServerApp.root_dir={folder}"]
    with (home / "server.log").open("wb") as written:
        server = subprocess.Popen(command, cwd=home, env=_surroundings(home), stdout=written, stderr=written)
    try:
        _wait_for(server, f"http://127.0.0.1:{port}/api/status", token, home / "server.log")
        yield Lab(folder / "notebooks", f"http://127.0.0.1:{port}", token)
    finally:
        server.terminate()
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _surroundings(home: Path) -> dict[str, str]:
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


def _copied(home: Path) -> Path:
    """The notebooks beside the data they read, where the server may write."""
    place = home / "work"
    (place / "notebooks").mkdir(parents=True)
    for path in (ROOT / "notebooks").glob("*.ipynb"):
        shutil.copy(path, place / "notebooks")
    for folder in ("machines", "sample_events"):
        (place / folder).symlink_to(ROOT / folder)
    return place


def _wait_for(server: subprocess.Popen[bytes], url: str, token: str, written: Path) -> None:
    request = urllib.request.Request(url, headers={"Authorization": f"token {token}"})  # noqa: S310  our own server
    until = time.monotonic() + PATIENCE / 1000
    while time.monotonic() < until and server.poll() is None:
        try:
            with urllib.request.urlopen(request, timeout=5):  # noqa: S310  our own server
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
    pytest.fail("JupyterLab did not start:\n" + written.read_text(encoding="utf-8", errors="replace")[-2000:])
