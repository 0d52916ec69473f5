"""Where does the stream of lives divide? From state to state, out of a funnel, and off what a machine allows."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

import plotly.graph_objects as go

from workbench.cards import amount
from workbench.figures.layouts import Ledger
from workbench.figures.tables import Part, Row, machine_for, panels, rows, steps, subject
from workbench.figures.theme import WARNING, Ink, frame, inks, legible, nothing, paper
from workbench.figures.words import count, noun, percent, plain, word

_STEPS = 6
_NODES = 60
_LABELLED = 0.025  # share of all lives below which a node has no room for its name
_LANES = 24  # of all panels together
_LONG = 20  # moves of an alignment that are drawn

Node = tuple[int, str]


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
        return nothing("every life has stayed in its first state", dark=dark)
    ink = inks({state for pair in flows for _, state in pair}, mine)
    total = sum(lives for path, lives in paths if path)
    note = f"Column: the n-th state of a life; width: lives; what ends at a block went no further.{more}"
    cut = sum(lives for path, lives in paths if len(path) > _STEPS)
    note += f" {count(cut)} {'goes' if cut == 1 else 'go'} on after {_STEPS} states." if cut else ""
    colors = {node: ink[node[1]].color for pair in flows for node in pair}
    return _stream(part.heading(_onward(paths, part)), note, flows, (colors, total), dark=dark)


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
    flows: Counter[tuple[Node, Node]] = Counter()
    colors: dict[Node, str] = {}
    ordered = sorted(found.items())
    for number, (step, line) in enumerate(ordered):
        here = (step, f"{step}. {word(line['state'], 24)}")
        colors[here] = ink[line["state"]].color
        after = ordered[number + 1] if number + 1 < len(ordered) else None
        onward = line["reached"] - line["lost"]
        there = (after[0], f"{after[0]}. {word(after[1]['state'], 24)}") if after else (step + 1, "went on")
        colors.setdefault(there, paper(dark=dark).faint)
        if onward:
            flows[here, there] += onward
    last = len(ordered) + 1
    for line in part.rows:
        end = (last, f"now {word(line['current_state'], 24)}")
        colors.setdefault(end, ink[line["current_state"]].color)
        flows[(line["step"], f"{line['step']}. {word(line['state'], 24)}"), end] += line["aggregates"]
    note = f"From each step: those that go on, and those that do not, by the state they are in now.{more}"
    return _stream(part.heading(_most_lost(part, found)), note, flows, (colors, ordered[0][1]["reached"]), dark=dark)


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
    '3 of 3 orders part from the machine; the commonest way, 3 times, lacks paid'
    """
    parts, more = panels(rows(table, "machine", "states", "aggregates", "cost", "moves"), 6)
    if not parts:
        return nothing("no sequence can be compared with a machine", dark=dark)
    both = [(whole, replace(whole, rows=[line for line in whole.rows if line["cost"]])) for whole in parts]
    off = [part for _, part in both if part.rows]
    if not off:
        return nothing("every life is a run of its machine", dark=dark)
    said = [_parting(whole, part) for whole, part in both if part.rows]
    fitting = [noun(whole.type) for whole, part in both if not part.rows]
    more += f" All {', '.join(fitting)} fit." if fitting else ""
    title = f"Where {subject(off)} part from their machines"
    note = "Full: in both; hatched: only in history; outlined: only the machine has it." + more
    ledger = Ledger(off, said, title, note, dark=dark, barmode="overlay")
    blocks: list[tuple[int, int, str, str]] = []
    longest = 1
    for part in ledger:
        lanes = sorted(part.rows, key=lambda line: -line["aggregates"])
        shown = lanes[: max(3, _LANES // len(off))]
        paths = [[(move["move"], str(move["state"])) for move in line["moves"]] for line in shown]
        spots = ledger.add(f"{line['aggregates']:,} x" for line in shown)
        longest = max([longest, *(min(len(path), _LONG) for path in paths)])
        blocks += [
            (spot, place, *one)
            for spot, path in zip(spots, paths, strict=True)
            for place, one in enumerate(path[:_LONG])
        ]
        if len(lanes) > len(shown):
            ledger.labels.append(f"… {len(lanes) - len(shown):,} more")
    mine = {part.type: machine_for(machine, part.type, {s for *_, s in blocks}, alone=part.alone) for part in parts}
    ink = inks({state for *_, state in blocks}, next(iter(mine.values())))
    for kind in ("sync", "log", "model"):
        _blocks(ledger.figure, kind, [one for one in blocks if one[2] == kind], ink, dark=dark)
    return ledger.close(32, visible=False, range=[0, longest])


def _stream(
    title: str, note: str, flows: Counter[tuple[Node, Node]], look: tuple[dict[Node, str], int], *, dark: bool | None
) -> go.Figure:
    """Draw the busiest of the flows between nodes, each node in the column that it begins with."""
    colors, total = look
    into: Counter[Node] = Counter()
    out: Counter[Node] = Counter()
    for (source, target), lives in flows.items():
        out[source] += lives
        into[target] += lives
    size = into | out
    kept = [node for node, _ in size.most_common(_NODES)]
    nodes = sorted(kept, key=lambda node: (node[0], -size[node]))
    place = {node: number for number, node in enumerate(nodes)}
    shown = {pair: lives for pair, lives in flows.items() if pair[0] in place and pair[1] in place}
    left = len(size) - len(nodes)
    figure = frame(title, note + (f" And {left:,} more blocks, the thinnest." if left else ""), dark=dark, height=430)
    return figure.add_sankey(
        arrangement="snap",
        node=_nodes(nodes, size, colors, total),
        link={
            "source": [place[source] for source, _ in shown],
            "target": [place[target] for _, target in shown],
            "value": list(shown.values()),
            "color": [_faint(colors[target]) for _, target in shown],
            "customdata": [f"{plain(a, 30)} → {plain(b, 30)}" for (_, a), (_, b) in shown],
            "hovertemplate": "%{customdata}<br>%{value:,} lives<extra></extra>",
        },
        textfont={"color": paper(dark=dark).text, "size": 13},
    )


def _nodes(nodes: list[Node], size: Counter[Node], colors: dict[Node, str], total: int) -> dict[str, Any]:
    columns = max(node[0] for node in nodes) - nodes[0][0] or 1
    wide = max(8, min(24, round(60 / columns)))  # letters: two names stand between the last two columns
    return {
        "label": [plain(state, wide) if size[at, state] >= _LABELLED * total else "" for at, state in nodes],
        "color": [colors[node] for node in nodes],
        "x": [0.001 + 0.998 * (at - nodes[0][0]) / columns for at, _ in nodes],
        "y": _heights(nodes, size, total),
        "pad": 14,
        "thickness": 16,
        "line": {"width": 0},
        "customdata": [f"{plain(one[1])}<br>{count(size[one])} ({percent(size[one] / total)})" for one in nodes],
        "hovertemplate": "%{customdata}<extra></extra>",
    }


def _heights(nodes: list[Node], size: Counter[Node], total: int) -> list[float]:
    """Return where each node's middle lies: those of a column one under the other, the largest on top."""
    reached: Counter[int] = Counter()
    gaps: Counter[int] = Counter()
    found = []
    for node in nodes:
        found.append(min(0.999, (reached[node[0]] + size[node] / 2) / total * 0.8 + 0.035 * gaps[node[0]] + 0.001))
        reached[node[0]] += size[node]
        gaps[node[0]] += 1
    return found


def _faint(color: str) -> str:
    red, green, blue = (int(color[spot : spot + 2], 16) for spot in (1, 3, 5)) if len(color) == 7 else (128, 128, 128)  # noqa: PLR2004  #rrggbb
    return f"rgba({red},{green},{blue},0.35)"


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
    told = [f"lacks {', '.join(lacks[:3])}"] if lacks else []
    told += [f"has {', '.join(extra[:3])} that the machine has not there"] if extra else []
    often = "once" if top["aggregates"] == 1 else amount(top["aggregates"], "time")
    verb = "parts" if lives == 1 else "part"
    return f"{lives:,} of {total} {verb} from the machine; the commonest way, {often}, {' and '.join(told)}"


def _blocks(
    figure: go.Figure, kind: str, blocks: list[tuple[int, int, str, str]], ink: Any, *, dark: bool | None
) -> None:
    """Draw the blocks of one kind: full, hatched, or outlined."""
    page = paper(dark=dark)
    said = {"sync": "in both", "log": "only in history", "model": "only in the machine"}[kind]
    own: list[Ink] = [ink[state] for *_, state in blocks]
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
        text=[plain(state, 14) for *_, state in blocks],
        textposition="inside",
        insidetextanchor="middle",
        textangle=0,
        insidetextfont={"color": page.text if kind == "model" else [legible(one.color) for one in own]},
        hoverinfo="text",
        hovertext=[f"<b>{plain(state)}</b><br>{said}" for *_, state in blocks],
    )
