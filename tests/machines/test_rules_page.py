"""The page of rules is what their docstrings say; the hook that ships names a command there is."""

import subprocess
import sys
from pathlib import Path

import yaml

from workbench.machines import RULES
from workbench.machines.settings_files import settings_text

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "rules.md"


def test_the_page_is_what_the_docstrings_say():
    printed = subprocess.run(
        [sys.executable, "docs/rules_page.py"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert PAGE.read_text(encoding="utf-8") == printed.stdout


def test_every_rule_has_a_section_and_its_place_in_the_table():
    text = PAGE.read_text(encoding="utf-8")
    assert [code for code in RULES if f"\n### {code}\n" not in text or f"| [{code}](#{code.lower()})" not in text] == []


def test_the_settings_the_page_shows_are_settings():
    text = PAGE.read_text(encoding="utf-8").split("```yaml\n")[1].split("```")[0]
    settings = settings_text("\n".join(line for line in text.splitlines() if not line.startswith("extends")), "page")
    assert (settings.level("SM305"), settings.level("SM404"), settings.level("SM301")) == ("off", "warning", None)
    assert (settings.profile, settings.guards, settings.actions, settings.fail_on) == (
        "wiki",
        ("IsWindy",),
        (),
        "warning",
    )


def test_the_hook_runs_check_on_yaml_files_one_at_a_time():
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    assert {"id", "name", "entry", "language"} <= set(hook)
    assert (hook["entry"], hook["language"], hook["types"]) == ("workbench check", "python", ["yaml"])
    assert hook["require_serial"]
