"""What a machine lacks is written into its text, which then no longer trips the rule; all else stays as it was."""

import difflib
import shutil
import subprocess
from pathlib import Path

import pytest

from workbench.machines import check
from workbench.machines.completing import completed, completions, patch
from workbench.machines.reader import read_text

ROOT = Path(__file__).resolve().parents[2]
CORPUS = sorted((ROOT.parent / "shared" / "data" / "machines").rglob("*.yaml"))
MENDED = {"SM101", "SM103", "SM301", "SM303"}

BLOCK = """\
# An order.
name: Order   # by its name
states:
  - name: pending
    description: "Placed"  # waits
  - name: paid
  - name: lost
    metadata:
      color: "#111"   # grey

  - {name: done, metadata: {color: red}}
  - kept  # for ever

transitions:
  - name: pay
    from: pending
    to: payed
  - {name: finish, from: paid, to: done}
  - {name: keep, from: paid, to: kept}
  - {name: refund, from: paid, to: refunded}
"""
MENDED_BLOCK = """\
# An order.
name: Order   # by its name
initial_state: pending
states:
  - name: pending
    description: "Placed"  # waits
  - name: paid
  - name: lost
    final: true
    metadata:
      color: "#111"   # grey

  - {name: done, final: true, metadata: {color: red}}
  - {name: kept, final: true}  # for ever
  - {name: refunded, final: true}

transitions:
  - name: pay
    from: pending
    to: paid
  - {name: finish, from: paid, to: done}
  - {name: keep, from: paid, to: kept}
  - {name: refund, from: paid, to: refunded}
  - {name: to_lost, from: paid, to: lost}
"""


def codes(text):
    return {finding.code for finding in check(read_text(text))}


def test_a_machine_is_completed_in_its_own_style():
    assert codes(BLOCK) & MENDED
    text, done = completed(BLOCK)
    assert text == MENDED_BLOCK
    assert not codes(text) & MENDED
    assert [one.sentence for one in done] == [
        "begin in 'pending'",
        "write 'paid' for 'payed'",
        "declare the state 'refunded'",
        "lead to 'lost', perhaps from 'paid'",
        "declare 'lost' final",
        "declare 'done' final",
        "declare 'kept' final",
        "declare 'refunded' final",
    ]
    assert completions(text) == ()
    assert completed(text) == (text, ())


IN_STYLE = {
    "flow": (
        "{name: M, states: [a, b], transitions: [{from: a, to: b}]}",
        "{initial_state: a, name: M, states: [a, {name: b, final: true}], transitions: [{from: a, to: b}]}",
    ),
    "name last": (
        "states: [a, b]\ntransitions: [{from: b, to: a}, {from: a, to: b}]\nname: M",
        "states: [a, b]\ntransitions: [{from: b, to: a}, {from: a, to: b}]\nname: M\ninitial_state: a\n",
    ),
    "a slip of the pen": (
        "{name: M, initial_state: opn, states: [open, shut], transitions: [{from: [open, shut], to: shut}]}",
        "{name: M, initial_state: open, states: [open, shut], transitions: [{from: [open, shut], to: shut}]}",
    ),
    "quotes": (
        "name: M\ninitial_state: a\nstates: [a, 'on: x']\ntransitions: []\n",
        """name: M
initial_state: a
states: [a, {name: "on: x", final: true}]
transitions: [{from: a, to: "on: x"}]
""",
    ),
    "package": (
        """state_machine:
  name: M
  model: M
  states:
    - a
    - b
  transitions:
    - from: a
      to: c
""",
        """state_machine:
  name: M
  initial: a
  model: M
  states:
    - a
    - b
    - c
  transitions:
    - from: a
      to: c
    - {from: a, to: b}
""",
    ),
}


@pytest.mark.parametrize("style", IN_STYLE)
def test_either_dialect_and_any_style(style):
    text, expected = IN_STYLE[style]
    assert completed(text)[0] == expected
    assert "SM301" not in codes(expected)


def test_an_island_gets_one_way_in():
    round_trip = "{name: x, from: b, to: c}, {name: y, from: c, to: b}"
    text = f"{{name: M, initial_state: a, states: [a, b, c], transitions: [{round_trip}]}}"
    (found,) = (one for one in completions(text) if one.code == "SM301")
    assert found.sentence == "lead to 'b', perhaps from 'a'"
    assert "SM301" not in codes(completed(text)[0])


def test_what_is_said_of_an_end_is_left_alone():
    text = "{name: M, initial_state: a, states: [a, {name: b, final: false}], transitions: [{name: x, from: a, to: b}]}"
    assert completed(text)[0] == text


def test_the_patch_is_a_unified_diff():
    told = patch("name: M\nstates: [a]\n", "m.yaml")
    assert told.startswith("--- a/m.yaml\n+++ b/m.yaml\n@@ ")
    assert "+initial_state: a\n" in told
    assert patch(MENDED_BLOCK, "m.yaml") == ""
    assert patch("name: [", "m.yaml") == ""


@pytest.mark.parametrize(
    "text", [BLOCK, BLOCK.rstrip("\n"), BLOCK.replace("\n", "\r\n")], ids=["lf", "no last lf", "crlf"]
)
@pytest.mark.skipif(not shutil.which("git"), reason="needs git")
def test_git_applies_the_patch(text, tmp_path):
    (tmp_path / "m.yaml").write_bytes(text.encode())
    subprocess.run(["git", "apply", "-"], input=patch(text, "m.yaml").encode(), cwd=tmp_path, check=True)
    assert (tmp_path / "m.yaml").read_bytes().decode() == completed(text)[0]
    assert completed(text)[0].replace("\r", "").rstrip("\n") == MENDED_BLOCK.rstrip("\n")


@pytest.mark.parametrize("path", sorted((ROOT / "machines").rglob("*.yaml")), ids=lambda path: path.stem)
def test_shipped_machines_lose_no_line(path):
    text = path.read_text(encoding="utf-8")
    after, _ = completed(text)
    kept = difflib.SequenceMatcher(None, text.splitlines(), after.splitlines()).get_matching_blocks()
    assert sum(block.size for block in kept) >= len(text.splitlines()) - 8


@pytest.mark.skipif(not CORPUS, reason="needs shared/data/machines beside the project")
def test_no_machine_of_other_tools_trips_the_rules_once_completed():
    mended = 0
    for path in CORPUS:
        text = path.read_text(encoding="utf-8")
        after, done = completed(text)
        left = [
            finding for finding in check(read_text(after)) if finding.code in MENDED and finding.severity == "error"
        ]
        assert left == [], path
        mended += bool(done)
    assert mended > 60
