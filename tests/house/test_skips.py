"""In CI a test may only be skipped for want of a part that its reason names."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

CONFTEST = Path(__file__).resolve().parents[1] / "conftest.py"


def run_with_skip(reason: str, folder: Path, ci: str, *options: str) -> subprocess.CompletedProcess:
    shutil.copy(CONFTEST, folder / "conftest.py")
    text = f"import pytest\n\ndef test_skipped():\n    pytest.skip({reason!r})\n\ndef test_passes():\n    pass\n"
    (folder / "test_it.py").write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", *options, str(folder)]
    environment = {**os.environ, "CI": ci}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("options", [(), ("-n", "1")], ids=["alone", "with workers"])
def test_a_skip_without_a_missing_part_fails_in_ci(tmp_path: Path, options: tuple[str, ...]):
    done = run_with_skip("not today", tmp_path, "true", *options)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "skipped without naming a missing part" in done.stdout
    assert "::test_skipped: not today" in done.stdout


def test_a_skip_that_names_a_missing_part_is_fine_in_ci(tmp_path: Path):
    done = run_with_skip("needs chromium", tmp_path, "true")
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_skip_is_fine_at_home(tmp_path: Path):
    done = run_with_skip("not today", tmp_path, "")
    assert done.returncode == 0, done.stdout + done.stderr
