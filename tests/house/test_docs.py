"""The documents speak of what is there: links lead somewhere, commands and decisions are listed."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted(p for p in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("sample_events/*.md")])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_to_files_that_are_there(page: Path):
    links = re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text(encoding="utf-8"))
    local = [link for link in links if "://" not in link and not link.startswith("mailto:")]
    assert [link for link in local if not (page.parent / link).exists()] == []


def test_every_decision_is_in_the_index():
    folder = ROOT / "docs" / "decisions"
    index = (folder / "README.md").read_text(encoding="utf-8")
    assert [note.name for note in sorted(folder.glob("0*.md")) if f"({note.name})" not in index] == []


def test_decisions_have_numbers_of_their_own():
    numbers = [note.name[:4] for note in (ROOT / "docs" / "decisions").glob("0*.md")]
    assert sorted(numbers) == sorted(set(numbers))


def test_the_page_of_commands_is_what_help_prints():
    printed = subprocess.run([sys.executable, "docs/cli_page.py"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert (ROOT / "docs" / "cli.md").read_text(encoding="utf-8") == printed.stdout


def test_readme_names_every_command():
    commands = re.findall(
        r"^## `workbench (\w+)`", (ROOT / "docs" / "cli.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [name for name in commands if f"`{name}" not in readme and f"workbench {name}" not in readme] == []
    assert "check" in commands
