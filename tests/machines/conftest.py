"""Parts of other tools, for the tests that ask them: npm's packages and a browser."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # for `biting`


@pytest.fixture(scope="session")
def npm(tmp_path_factory):
    """Give a folder in which npm's xstate is installed."""
    if not (shutil.which("node") and shutil.which("npm")):
        pytest.skip("needs node and npm")
    folder = tmp_path_factory.mktemp("npm")
    command = ["npm", "install", "--silent", "--no-audit", "--no-fund", "xstate@5", "mermaid@11", "jsdom@26"]
    if subprocess.run(command, cwd=folder, capture_output=True, check=False, timeout=300).returncode:
        pytest.skip("needs npm's registry")
    return folder


@pytest.fixture
def page(browser):
    """Give an empty page of a real browser, with the addresses it `asked` for and its `errors`."""
    page = browser.new_page(viewport={"width": 1300, "height": 900})
    page.set_default_timeout(60_000)
    page.asked, page.errors = [], []
    page.on("request", lambda request: page.asked.append(request.url))
    page.on("dialog", lambda dialog: (page.errors.append(f"dialog: {dialog.message}"), dialog.dismiss()))
    page.on("pageerror", lambda error: page.errors.append(str(error)))
    yield page
    page.close()
