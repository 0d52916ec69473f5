"""How far does a profile keep to each machine?"""

from __future__ import annotations

from typing import Any

from workbench.lives.reruns.cases import Outcome
from workbench.lives.reruns.profiles import Profile
from workbench.lives.reruns.rerunning import what_if
from workbench.machines import Machines, Match


def fitness(told: Profile, machines: Machines, match: Match | None = None) -> list[dict[str, Any]]:
    """Return the rows that `conformance` returns, from a profile.

    type, field (only where a type has two state fields), machine, lives, moves, off_machine, fitness (0 to 1),
    lives_fitting, variants and variants_fitting (sequences of states); types without a machine are left out.

    Raises
    ------
    MachineError
        When no machine speaks for any type of the profile, or several for one.
    """
    answer = what_if(told, machines, refused="follow", match=match)
    rows = []
    for tally in answer.tallies:
        outcomes = [one for one in answer.outcomes if one.case.track == tally.track]
        moves, off = tally.total("after"), tally.total("refused_after")
        machine = answer.spoken[tally.track].new
        rows.append(
            {
                "type": tally.track.type,
                "field": tally.track.field,
                "machine": machine.name if machine else None,
                "lives": sum(one.case.lives for one in outcomes),
                "moves": moves,
                "off_machine": off,
                "fitness": 1 - off / moves,
                "lives_fitting": sum(one.case.lives for one in outcomes if not one.run.refused_after),
                "variants": len({_states(one) for one in outcomes}),
                "variants_fitting": len(
                    {_states(one) for one in outcomes} - {_states(one) for one in outcomes if one.run.refused_after}
                ),
            }
        )
    parted = len({(row["type"], row["field"]) for row in rows}) > len({row["type"] for row in rows})
    return rows if parted else [{name: row[name] for name in row if name != "field"} for row in rows]


def _states(one: Outcome) -> tuple[str | None, ...]:
    return tuple(step.to_state for step, _ in one.case.pairs if step)
