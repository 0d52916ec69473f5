"""Where does the stream of lives divide? From state to state, out of a funnel, and off what a machine allows."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

import plotly.graph_objects as go

from workbench.cards import amount
from workbench.figures.flows import Node, draw
from workbench.figures.layouts import Ledger
from workbench.figures.tables import Part, Row, machine_for, panels, rows, steps, subject
from workbench.figures.theme import WARNING, Ink, inks, legible, nothing, paper, sentence
from workbench.figures.words import count, noun, percent, plain, word

_STEPS = 6
_COLUMNS = 12
_LANES = 24  # of all panels together
_LONG = 20  # moves of an alignment that are drawn

Block = tuple[int, int, str, str, Ink]  # line, place, kind of move, state


def sankey(table: object, machine: Any = None, *, dark: bool | None = None) -> go.Figure:
    """Return a Sankey diagram of `variants`: from their first state, step by step, where the stream of lives divides.

    Parameters
    ----------
    table
        The answer of `variants`: type, variant, states, aggregates.
    machine
        A Machine, or Machines, for the colours of the states.
    dark
        Draw on a dark page; if left out, where the template that Plotly draws by default is a dark one.

    Examples
    --------
    >>> table = [{"variant": 1, "states": ["new", "paid"], "aggregates": 3},
    ...          {"variant": 2, "states": ["new", "void"], "aggregates": 1}]
    >>> sankey(table).layout.title.text
    'After new most of 4 lives go to paid (75 %)'
    """
    parts, more = panels(rows(table, "variant", "states", "aggregates"), 1)
    if not parts:
        return nothing("no life has a state", dark=dark)
    part = parts[0]
    paths = [(steps(line["states"]), line["aggregates"]) for line in part.rows]
    flows: Counter[tuple[Node, Node]] = Counter()
    for path, lives in paths:
        for place in range(min(len(path), _STEPS) - 1):
            flows[(place, path[place]), (place + 1, path[place + 1])] += lives
    mine = machine_for(machine, part.type, {state for path, _ in paths for state in path}, alone=part.alone)
    if not flows:
        return sentence("Every life has stayed in its first state", dark=dark)
    ink = inks({state for pair in flows for _, state in pair}, mine)
    total = sum(lives for path, lives in paths if path)
    note = f"Column: the n-th state of a life; width: lives; what ends at a block went no further.{more}"
    cut = sum(lives for path, lives in paths if len(path) > _STEPS)
    note += f" {count(cut)} {'goes' if cut == 1 else 'go'} on after {_STEPS} states." if cut else ""
    colors = {node: ink[node[1]].color for pair in flows for node in pair}
    return draw(part.heading(_onward(paths, part)), note, flows, colors, total, dark=dark)


def funnel_lost(table: object, machine: Any = None, *, dark: bool | None = None) -> go.Figure:
    """Return a Sankey diagram: the lives that go through the steps of a funnel, and where the others went and are now.

    Parameters
    ----------
    table
        The answer of `funnel_lost`: type, step, state, reached, lost, next_state, current_state, aggregates.
    machine
        A Machine, or Machines, for the colours of the states.
    dark
        Draw on a dark page; if left out, where the template that Plotly draws by default is a dark one.

    Examples
    --------
    >>> line = {"type": "Order", "step": 1, "state": "new", "reached": 4, "lost": 1, "next_state": "void"}
    >>> funnel_lost([line | {"current_state": "void", "aggregates": 1}]).layout.title.text
    'Most are lost after new: 1 of 4 orders, 1 of them now in void'
    """
    parts, more = panels(rows(table, "step", "state", "reached", "lost", "current_state", "aggregates"), 1)
    if not parts:
        return nothing("nobody is lost on the way", dark=dark)
    part = parts[0]
    found = {line["step"]: line for line in part.rows}
    ink = inks({line[key] for line in part.rows for key in ("state", "current_state")}, part.machine(machine))
    steps_of = [line for _, line in sorted(found.items())][:_COLUMNS]
    more += f" {len(found) - len(steps_of):,} later steps are not drawn." if len(found) > len(steps_of) else ""
    here = {line["step"]: (spot, f"{line['step']}. {word(line['state'], 24)}") for spot, line in enumerate(steps_of)}
    last = (len(steps_of), "went on")
    colors: dict[Node, str] = {last: paper(dark=dark).faint}
    flows: Counter[tuple[Node, Node]] = Counter()
    for line, there in zip(steps_of, [*list(here.values())[1:], last], strict=True):
        colors[here[line["step"]]] = ink[line["state"]].color
        if line["reached"] > line["lost"]:
            flows[here[line["step"]], there] += line["reached"] - line["lost"]
    for line in (line for line in part.rows if line["step"] in here):
        end = (len(steps_of), f"now {word(line['current_state'], 24)}")
        colors.setdefault(end, ink[line["current_state"]].color)
        flows[here[line["step"]], end] += line["aggregates"]
    note = f"From each step: those that go on, and those that do not, by the state they are in now.{more}"
    reached = steps_of[0]["reached"]
    return draw(part.heading(_most_lost(part, found)), note, flows, colors, reached, dark=dark)


def alignments(table: object, machine: Any = None, *, dark: bool | None = None) -> go.Figure:
    """Return a lane a sequence that does not fit: what machine and history share, what only one of the two has.

    Parameters
    ----------
    table
        The answer of `alignments`: type, machine, states, aggregates, cost, fitness, moves.
    machine
        A Machine, or Machines, for the colours of the states.
    dark
        Draw on a dark page; if left out, where the template that Plotly draws by default is a dark one.

    Examples
    --------
    >>> moves = [{"move": "sync", "state": "new"}, {"move": "model", "state": "paid"}]
    >>> line = {"type": "Order", "machine": "Orders", "states": ["new"], "aggregates": 3, "cost": 1}
    >>> alignments([line | {"fitness": 0.8, "moves": moves}]).layout.title.text
    '3 of 3 orders part from the machine; the<br>commonest way, 3 times, leaves out paid'
    """
    parts, more = panels(rows(table, "machine", "states", "aggregates", "cost", "moves"), 6)
    if not parts:
        return nothing("no sequence can be compared with a machine", dark=dark)
    both = [(whole, replace(whole, rows=[line for line in whole.rows if line["cost"]])) for whole in parts]
    off = [part for _, part in both if part.rows]
    if not off:
        return sentence("Every life is a run of its machine", dark=dark)
    said = [_parting(whole, part) for whole, part in both if part.rows]
    fitting = [noun(whole.type) for whole, part in both if not part.rows]
    more += f" All {', '.join(fitting)} fit." if fitting else ""
    title = f"Where {subject(off)} part from their machines"
    note = "Full: in both; hatched: only in history; outlined: only the machine has it." + more
    ledger = Ledger(off, said, title, note, dark=dark, barmode="overlay")
    blocks: list[Block] = []
    longest = 1
    for part in ledger:
        lanes = sorted(part.rows, key=lambda line: -line["aggregates"])
        shown = lanes[: max(3, _LANES // len(off))]
        paths = [[(move["move"], str(move["state"])) for move in line["moves"]] for line in shown]
        spots = ledger.add(f"{line['aggregates']:,} x" for line in shown)
        longest = max([longest, *(min(len(path), _LONG) for path in paths)])
        names = {state for path in paths for _, state in path}
        ink = inks(names, machine_for(machine, part.type, names, alone=part.alone))
        blocks += [
            (spot, place, kind, state, ink[state])
            for spot, path in zip(spots, paths, strict=True)
            for place, (kind, state) in enumerate(path[:_LONG])
        ]
        if len(lanes) > len(shown):
            ledger.labels.append(f"… {len(lanes) - len(shown):,} more")
    for kind in ("sync", "log", "model"):
        _blocks(ledger.figure, kind, [one for one in blocks if one[2] == kind], dark=dark)
    return ledger.close(32, visible=False, range=[0, longest])


def _onward(paths: list[tuple[list[str], int]], part: Part) -> str:
    firsts, seconds = Counter[str](), Counter[str]()
    for path, lives in paths:
        if path:
            firsts[path[0]] += lives
    top = firsts.most_common(1)[0][0]
    for path, lives in paths:
        if len(path) > 1 and path[0] == top:
            seconds[path[1]] += lives
    if not seconds:
        return f"{count(firsts[top], part.type)} have stayed in {word(top)}"
    state, lives = seconds.most_common(1)[0]
    if lives == firsts[top]:
        whole = f"the one {noun(part.type, one=True)} goes" if lives == 1 else f"all {count(lives, part.type)} go"
        return f"After {word(top)} {whole} to {word(state)}"
    share = percent(lives / firsts[top])
    return f"After {word(top)} most of {count(firsts[top], part.type)} go to {word(state)} ({share})"


def _most_lost(part: Part, found: dict[int, Row]) -> str:
    top = max(found.values(), key=lambda line: line["lost"])
    now: Counter[str] = Counter()
    for line in part.rows:
        if line["step"] == top["step"]:
            now[line["current_state"]] += line["aggregates"]
    state, lives = now.most_common(1)[0]
    lost = f"{top['lost']:,} of {count(top['reached'], part.type)}"
    return f"Most are lost after {word(top['state'])}: {lost}, {lives:,} of them now in {word(state)}"


def _parting(whole: Part, off: Part) -> str:
    lives = sum(line["aggregates"] for line in off.rows)
    total = count(sum(line["aggregates"] for line in whole.rows), whole.type)
    top = max(off.rows, key=lambda line: line["aggregates"])
    lacks = list(dict.fromkeys(word(move["state"], 24) for move in top["moves"] if move["move"] == "model"))
    extra = list(dict.fromkeys(word(move["state"], 24) for move in top["moves"] if move["move"] == "log"))
    told = [f"leaves out {', '.join(lacks[:3])}"] if lacks else []
    told += [f"enters {', '.join(extra[:3])} where the machine does not"] if extra else []
    often = "once" if top["aggregates"] == 1 else amount(top["aggregates"], "time")
    verb = "parts" if lives == 1 else "part"
    return f"{lives:,} of {total} {verb} from the machine; the commonest way, {often}, {' and '.join(told)}"


def _blocks(figure: go.Figure, kind: str, blocks: list[Block], *, dark: bool | None) -> None:
    """Draw the blocks of one kind: full, hatched, or outlined."""
    page = paper(dark=dark)
    said = {"sync": "in both", "log": "only in history", "model": "only in the machine"}[kind]
    own = [ink for *_, ink in blocks]
    marker: dict[str, Any] = {"color": [one.color for one in own], "line": {"width": 1.5, "color": page.page}}
    if kind == "log":
        marker["pattern"] = {"shape": "/", "solidity": 0.14, "fgcolor": page.page}
        marker["line"] = {"width": 2, "color": WARNING}
    if kind == "model":
        marker = {"color": page.page, "line": {"width": 2, "color": [one.color for one in own]}}
    figure.add_bar(
        orientation="h",
        base=[place + 0.03 for _, place, *_ in blocks],
        x=[0.94] * len(blocks),
        y=[spot for spot, *_ in blocks],
        width=0.7,
        marker=marker,
        text=[plain(state, 14) for *_, state, _ in blocks],
        textposition="inside",
        insidetextanchor="middle",
        textangle=0,
        insidetextfont={"color": page.text if kind == "model" else [legible(one.color) for one in own]},
        hoverinfo="text",
        hovertext=[f"<b>{plain(state)}</b><br>{said}" for *_, state, _ in blocks],
    )
