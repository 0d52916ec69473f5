"""Which runs would test every transition of a machine?"""

from __future__ import annotations

from workbench.machines.exploring.runs import Run, shortest_paths, steps_from
from workbench.machines.model import Machine


def covering_paths(machine: Machine) -> tuple[Run, ...]:
    r"""Return runs from the initial state that together take every transition from each state it can be taken from.

    Each is a shortest run to a transition, and that transition; runs that are the beginning of another are left
    out. What no run can take is not covered.

    Examples
    --------
    >>> from workbench.machines import read_machines
    >>> order = read_machines("machines/order.yaml")["OrderStateMachine"]
    >>> print(*covering_paths(order), sep="\n")
    pending -confirm_payment-> confirmed -fulfill_order-> fulfilled
    pending -cancel_order-> cancelled
    pending -confirm_payment-> confirmed -cancel_order-> cancelled
    """
    shortest, leaves = shortest_paths(machine), steps_from(machine)
    steps = sorted((step for name in shortest for step in leaves[name]), key=lambda step: step.ordinal)
    runs = [shortest[step.from_state].then(step) for step in steps]
    beginnings = {run.steps[:size] for run in runs for size in range(len(run))}
    return tuple(run for run in dict.fromkeys(runs) if run.steps not in beginnings)
