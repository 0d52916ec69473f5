"""Machines written in the forms of other tools and read back, and what those tools' own parsers say."""

import json
import random
import shutil
import subprocess
from pathlib import Path

import pytest
from biting import BITING, biting

from workbench.errors import MachineError, UnknownNameError
from workbench.machines import Machine, Machines, State, Transition, read_machines
from workbench.machines.exchange import READABLE, WRITABLE, read_any, read_any_text, write_as

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared" / "data" / "machines"
CORPUS = sorted(SHARED.glob("*.yaml"))
ORIGINALS = sorted((SHARED / "statecraft_originals").rglob("*.yaml"))


def same(one, other):
    assert list(one.values()) == list(other.values())
    assert one.bindings == other.bindings


@pytest.mark.parametrize("form", ["flat", "xstate"])
@pytest.mark.skipif(not CORPUS, reason="needs shared/data/machines beside the project")
def test_machines_of_other_tools_are_the_same_after_a_round_trip(form):
    for path in CORPUS:
        machines = read_machines(path)
        written = write_as(machines, form)
        same(read_any_text(written.text, "again", form), machines)
        assert form != "flat" or written.losses == ()
    assert len(CORPUS) == 131


@pytest.mark.parametrize("path", sorted((ROOT / "machines").rglob("*.yaml")), ids=lambda path: path.stem)
def test_shipped_machines_and_bindings_are_the_same_after_a_round_trip(path):
    machines = read_machines(path)
    same(read_any_text(write_as(machines, "flat").text, "again"), machines) if machines else None


@pytest.mark.skipif(not ORIGINALS, reason="needs shared/data/machines beside the project")
def test_package_machines_are_the_same_after_a_round_trip():
    for path in ORIGINALS:
        machines = read_machines(path, strict=False)
        same(read_any_text(write_as(machines, "package").text, "again"), machines)


@pytest.mark.parametrize("name", BITING)
def test_names_that_bite_come_back_as_they_were(name):
    same(read_any_text(write_as(biting(name), "xstate").text, "again"), Machines([biting(name)]))
    if name and name != "*":
        again = read_any_text(write_as(biting(name), "flat").text, "again")
        same(again, Machines([biting(name)]))
        assert [str(finding) for finding in again.findings if finding.severity != "info"] == []


def test_the_package_form_says_what_it_cannot():
    order = read_machines(ROOT / "machines" / "order.yaml")
    losses = "\n".join(write_as(order, "package").losses)
    for what in ("names of transitions", "final marks", "metadata of states", "descriptions", "runs only"):
        assert what in losses
    plain = Machine("M", "a", (State("a"), State("b")), (Transition(None, ("a",), "b"),), model="X", dialect="package")
    assert write_as(plain, "package").losses == ()
    twice = Machine("M", "a", plain.states, plain.transitions * 2, model="X")
    assert write_as(twice, "package").losses == ("M: of the 2 transitions a → b the package finds the first",)


EXPORT = r"""{"name": "Order", "model": "App\\Models\\Order", "field": "state", "initial": "new",
"states": ["new", "paid \ud83d\ude00"],
"transitions": [{"from": "new", "to": "paid \ud83d\ude00", "guard": {"and": ["A", {"not": "B\/C"}]}, "action": null}],
"metadata": {"exported_at": "2026-01-01", "version": "1.0"}}"""


def test_statecraft_json_export_is_read():
    (machine,) = read_any_text(EXPORT, "order.json").values()
    assert (machine.model, machine.field, machine.dialect) == ("App\\Models\\Order", "state", "package")
    (transition,) = machine.transitions
    assert (transition.to_state, transition.guard.text()) == ("paid 😀", "A and not B/C")


SYMFONY = """
framework:
  workflows:
    article:
      type: state_machine
      marking_store: {type: method, property: currentPlace}
      supports: [App\\Entity\\Article]
      initial_marking: draft
      places: {draft: ~, review: {metadata: {color: red}}, done: ~}
      transitions:
        send: {from: draft, to: review, guard: "is_granted('X')"}
        finish: {from: [draft, review], to: done}
    list_form:
      places: [a, b]
      transitions: [{name: go, from: a, to: [b]}]
"""


def test_symfony_state_machines_are_read_with_their_places(tmp_path):
    path = tmp_path / "workflow.yaml"
    path.write_text(SYMFONY, encoding="utf-8")
    article, listed = read_any(path).values()
    assert (article.model, article.field, article.initial) == ("App\\Entity\\Article", "currentPlace", "draft")
    assert [(t.name, t.from_states, t.to_state) for t in article.transitions] == [
        ("send", ("draft",), "review"),
        ("finish", ("draft", "review"), "done"),
    ]
    assert article.transitions[0].guard.text() == "is_granted('X')"
    assert (article.states[1].color, article.transitions[1].place.line) == ("red", 12)
    assert (listed.initial, listed.state_names, listed.transitions[0].to_state) == ("a", ("a", "b"), "b")


def test_a_symfony_net_is_refused_at_its_place():
    with pytest.raises(MachineError, match=r"x.yaml:5:13: article is of type 'workflow', a net"):
        read_any_text(SYMFONY.replace("state_machine", "workflow"), "x.yaml", "symfony")


def test_xstate_of_others_is_read_flat():
    config = {
        "id": "player",
        "initial": "off",
        "states": {
            "off": {"on": {"PLAY": "on"}, "entry": "x"},
            "on": {
                "initial": "loud",
                "on": {"STOP": {"target": "off", "cond": "may"}},
                "states": {
                    "loud": {"on": {"MUTE": "quiet"}, "after": {"100": "quiet"}},
                    "quiet": {"always": "#player.end"},
                },
            },
            "end": {"type": "final"},
        },
    }  # fmt: skip
    (machine,) = read_any_text(json.dumps(config), "p.json").values()
    assert machine.state_names == ("off", "on.loud", "on.quiet", "end")
    assert [(t.name, t.from_states[0], t.to_state) for t in machine.transitions] == [
        ("PLAY", "off", "on.loud"),
        ("STOP", "on.loud", "off"),
        ("STOP", "on.quiet", "off"),
        ("MUTE", "on.loud", "on.quiet"),
        ("after 100", "on.loud", "on.quiet"),
        (None, "on.quiet", "end"),
    ]
    assert (machine.finals, machine.transitions[1].guard.text()) == (("end",), "may")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"states": {"a": {"type": "parallel", "states": {"b": {}}}}}', "a has parallel states"),
        ('{"states": {"a": {"on": {"x": "nowhere"}}}}', "leads to 'nowhere', which is no state"),
        ('{"a": ', "f.json:1:7: this is no JSON"),
        ("[1]", "expected a machine as a JSON object"),
        ('{"states": 5}', "this is no XState machine"),
        ('{"states": {"a": {"meta": NaN}}}', "NaN is no number of JSON"),
        ('{"states": [], "name": "M"}', "f.json: SM"),
    ],
)
def test_what_cannot_be_read_is_said_in_a_sentence(text, message):
    with pytest.raises(MachineError, match=message.replace("[", r"\[")):
        read_any_text(text, "f.json")


def test_an_unknown_form_says_the_nearest():
    with pytest.raises(UnknownNameError, match="did you mean 'mermaid'"):
        write_as(biting("a"), "mermade")
    with pytest.raises(UnknownNameError, match="did you mean 'symfony'"):
        read_any("x.yaml", "symphony")
    with pytest.raises(MachineError, match="svg holds one machine, and here are 2: name one of 'A', 'B'"):
        write_as(Machines([Machine("A", "a", (), ()), Machine("B", "a", (), ())]), "svg")
    assert {"flat", "package", "xstate"} == set(READABLE) & set(WRITABLE)


@pytest.mark.skipif(not shutil.which("dot"), reason="needs Graphviz's dot")
def test_graphviz_reads_our_dot():
    text = "".join(write_as(biting(name), "dot").text for name in BITING)
    subprocess.run(["dot", "-Tcanon"], input=text.encode(), capture_output=True, check=True)


def test_markdown_tables_keep_their_columns_and_dot_its_lines():
    for name in BITING:
        page = write_as(biting(name), "markdown").text
        rows = [line for line in page.splitlines() if line.startswith("|")]
        columns = {line.replace("\\|", "").count("|") for line in rows}
        assert columns == {4, 6}, name
        assert "<b>" not in page
        lines = write_as(biting(name), "dot").text.splitlines()
        assert all(line.replace("\\\\", "").replace('\\"', "").count('"') % 2 == 0 for line in lines), name


WALK = """
import { createMachine, getNextSnapshot, getInitialSnapshot } from "xstate";
import fs from "fs";
const names = [];
for (const config of JSON.parse(fs.readFileSync("machines.json"))) {
  const machine = createMachine(config);
  const edges = [];
  for (const [key, node] of Object.entries(machine.states))
    for (const [event, found] of node.transitions)
      for (const one of found) edges.push([node.meta.statecraft.name, one.target[0].meta.statecraft.name]);
  names.push(edges);
}
console.log(JSON.stringify(names));
"""


@pytest.mark.soak
def test_xstate_itself_finds_every_transition(npm):
    machines = [biting(name) for name in BITING]
    machines += [machine for path in CORPUS for machine in read_machines(path).values() if machine.initial]
    texts = [json.loads(write_as(machine, "xstate").text) for machine in machines]
    (npm / "machines.json").write_text(json.dumps(texts), encoding="utf-8")
    (npm / "walk.mjs").write_text(WALK, encoding="utf-8")
    done = subprocess.run(["node", "walk.mjs"], cwd=npm, capture_output=True, text=True, check=True)
    for machine, edges in zip(machines, json.loads(done.stdout), strict=True):
        expected = sorted([name, t.to_state] for t in machine.transitions for name in t.from_states)
        assert sorted(edges) == expected, machine.name


PARSE = """
import { JSDOM } from "jsdom";
import fs from "fs";
const page = new JSDOM("");
globalThis.window = page.window; globalThis.document = page.window.document;
const { default: mermaid } = await import("mermaid");
for (const text of JSON.parse(fs.readFileSync("diagrams.json"))) await mermaid.parse(text);
console.log("fine");
"""


@pytest.mark.soak
def test_mermaid_itself_reads_every_diagram(npm):
    texts = [write_as(biting(name), "mermaid").text for name in BITING]
    texts += [machine.mermaid() for path in CORPUS for machine in read_machines(path).values()]
    (npm / "diagrams.json").write_text(json.dumps(texts), encoding="utf-8")
    (npm / "parse.mjs").write_text(PARSE, encoding="utf-8")
    done = subprocess.run(["node", "parse.mjs"], cwd=npm, capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "fine", done.stderr[-2000:]


ODD = [None, True, 0, 1.5, "", "a", [], {}, [["a"]], {"a": 1}, {"type": "final"}, "\u202e"]


def mutated(value, chance):
    """Return plain data with some of its parts left out or of another kind."""
    if chance.random() < 0.05:
        return chance.choice(ODD)
    if isinstance(value, dict):
        return {key: mutated(part, chance) for key, part in value.items() if chance.random() > 0.03}
    return [mutated(part, chance) for part in value] if isinstance(value, list) else value


def test_damaged_xstate_is_refused_in_a_sentence_or_read_as_something_that_can_be_written():
    config = json.loads(write_as(biting("a: b"), "xstate").text)
    read = 0
    for seed in range(300):
        try:
            machines = read_any_text(json.dumps(mutated(config, random.Random(seed))), "f.json", "xstate")
        except MachineError:
            continue
        read += 1
        for form in WRITABLE:
            write_as(machines, form)
    assert read > 100


def test_a_guard_nested_without_end_is_refused():
    nested = '{"states": {"a": {"on": {"x": {"target": "a", "guard": ' + '{"not": ' * 900 + '"G"' + "}" * 900 + "}}}}}"
    with pytest.raises(MachineError, match="a guard nested more than 50 deep is refused"):
        read_any_text(nested, "f.json")
