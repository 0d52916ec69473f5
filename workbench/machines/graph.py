"""What does a machine look like as a graph?"""

from __future__ import annotations

import networkx as nx

from workbench.machines.model import Machine


def machine_graph(machine: Machine) -> nx.MultiDiGraph[str]:
    """Return the machine as a frozen MultiDiGraph.

    A node is a state, with initial, final and implied (None for a state that is used but not declared). An edge is
    one from-state of one transition: key (ordinal of the transition in the file, ordinal of its from-state),
    attributes name, guard, actions, place. Keyed by name transitions would be lost: names repeat, or are missing.
    """
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph(name=machine.name)
    for state in machine.states:
        graph.add_node(state.name, initial=state.name == machine.initial, final=state.final, implied=state.implied)
    for ordinal, transition in enumerate(machine.transitions):
        for name, _ in transition.ends:
            if name not in graph:
                graph.add_node(name, initial=name == machine.initial, final=False, implied=None)
        for position, from_state in enumerate(transition.from_states):
            graph.add_edge(
                from_state,
                transition.to_state,
                key=(ordinal, position),
                name=transition.name,
                guard=transition.guard,
                actions=transition.actions,
                place=transition.place,
            )
    nx.freeze(graph)
    return graph
