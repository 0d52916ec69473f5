"""What holds for every test: repeatable draws, and in CI no test skipped without a part that is really missing."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parents[1]
NEEDS = "needs "
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

# Loaded machines make draws slow, which says nothing about the code. CI draws the same each time, a soak at home anew.
settings.register_profile(
    "steady", deadline=None, derandomize=True, max_examples=40, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile(
    "soak",
    deadline=None,
    derandomize="CI" in os.environ,
    max_examples=500,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)


def pytest_configure(config: pytest.Config) -> None:
    settings.load_profile("soak" if config.option.markexpr == "soak" else "steady")


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    if os.environ.get("CI") and _unexcused(session.config) and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    unexcused = _unexcused(config) if os.environ.get("CI") else []
    if unexcused:
        terminalreporter.section("skipped without naming a missing part", red=True)
        for line in unexcused:
            terminalreporter.line(line)


def _unexcused(config: pytest.Config) -> list[str]:
    """Return the skips whose reason does not begin with "needs " and so names no missing part."""
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    skipped = reporter.stats.get("skipped", []) if reporter and not hasattr(config, "workerinput") else []
    reasons = [(report.nodeid, str(report.longrepr[2]).removeprefix("Skipped: ")) for report in skipped]
    return [f"{node}: {reason}" for node, reason in reasons if not reason.startswith(NEEDS)]


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def sample_events() -> Path:
    return ROOT / "sample_events"


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Give one Chromium to the tests of a module: it is up in a second, a page of it in no time.

    A longer life would leave Playwright's event loop to tests that have one of their own.
    """
    sync_api = pytest.importorskip("playwright.sync_api", reason="needs Playwright: pip install -e '.[dev]'")
    if CHROMIUM is None:
        pytest.skip("needs Chromium: apt-get install chromium")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        yield browser
        browser.close()
