"""Long work says how far it is: lines on stderr where there is no terminal, and none for what is soon over."""

from __future__ import annotations

import pytest

from workbench.cli import progress


def test_what_is_soon_over_says_nothing(capsys: pytest.CaptureFixture[str]):
    with progress.progress_bar("reading") as tell:
        tell(1, 2)
    assert capsys.readouterr() == ("", "")


def test_what_takes_long_says_a_line_now_and_then(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch):
    clock = iter([0.0, 1.0, 6.0, 6.0, 7.0])
    monkeypatch.setattr("workbench.cli.progress.time.monotonic", lambda: next(clock))
    with progress.progress_bar("reading") as tell:
        tell(1, 4)
        tell(2, 4)
        tell(3, 4)
    assert capsys.readouterr() == ("", "reading 50%\n")


def test_a_terminal_gets_a_bar_on_stderr(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    with progress.progress_bar("reading") as tell:
        tell(1, 4)
        tell(4, 4)
    out, err = capsys.readouterr()
    assert out == ""
    assert "reading done, putting lives in order" in err
