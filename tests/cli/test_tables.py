"""Tables fit the terminal: words stay whole, types become headings, and nothing is cut without a word."""

from __future__ import annotations

import pytest

from workbench.cli.grid import fold, layout
from workbench.cli.output import table


def test_words_fold_at_spaces_and_after_underscores():
    assert fold("state_transitioned by 9", 12) == ["state_", "transitioned", "by 9"]
    assert fold("", 5) == [""]
    assert fold("abcdefgh", 3) == ["abc", "def", "gh"]


def test_wide_characters_count_twice():
    assert fold("注文注文", 4) == ["注文", "注文"]


def test_numbers_are_flush_right_and_never_folded():
    head, body = layout(["state", "times"], [["paid", "7"], ["cancelled", "1,234,567"]], [False, True], 30)
    assert (head, body) == (["state          times"], ["paid               7", "cancelled  1,234,567"])


def test_no_layout_is_better_than_an_unreadable_one():
    assert layout(["column"] * 30, [["something long"] * 30], [False] * 30, 80) == ([], [])


def test_no_line_is_wider_than_the_terminal(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("COLUMNS", "60")
    rows = [("Order", "pending payment", f"a long reason {n}", n, "x" * 30) for n in range(4)]
    table(["type", "state", "reason", "times", "detail"], rows)
    assert max(len(line) for line in capsys.readouterr().out.splitlines()[:-1]) <= 60


def test_columns_that_say_nothing_row_by_row_are_said_once(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("COLUMNS", "40")
    table(["type", "nothing", "state", "times"], [("Order", None, "p" * 20, 1), ("Order", None, "q" * 20, 2)])
    out = capsys.readouterr().out
    assert "type: Order throughout · empty: nothing" in out
    assert out.splitlines()[0].split() == ["state", "times"]


def test_a_table_too_wide_for_its_types_has_a_part_for_each(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("COLUMNS", "40")
    rows = [(kind, f"{kind}-{n}-" + "s" * 25, n) for kind in ("Order", "Invoice") for n in (1, 2)]
    table(["type", "state", "times"], rows)
    lines = capsys.readouterr().out.splitlines()
    assert [line for line in lines if line in {"Order", "Invoice"}] == ["Order", "Invoice"]


def test_no_rows_say_so(capsys: pytest.CaptureFixture[str]):
    table(["a"], [])
    assert capsys.readouterr().out == "(none)\n"


def test_colours_stay_out_of_a_pipe(capsys: pytest.CaptureFixture[str]):
    table(["type", "times"], [("[bold]Order[/bold]", 1)], caption="at noon")
    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert "[bold]Order[/bold]" in out
