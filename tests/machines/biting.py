"""Names that bite, and a machine in which one of them stands wherever a name can stand."""

from workbench.machines import And, Machine, Name, Not, Or, State, Transition

BITING = [
    "two words", 'say "so"', "it's", "a: b", "- a", "# a", "on", "null", "~", "12:30", "010", "1e3", "<<", "*",
    "&a", "#id",
    "🚚 sent", "مدفوع", "\u202eevil", "x" * 200, "__proto__", "constructor", "<b>&amp;</b>", "</script>", "a.b.c",
    "[*]", "--> s1", "end note", "state x {", "%% no", "a|b", "back\\slash", "tab\there", "line\nbreak",
    "\x7f\x85\u2028",
    "{a}", "s0", "e1", "",
]  # fmt: skip


def biting(name):
    states = (
        State(name, description=name, metadata={"color": name, name or "k": (name, 1, 2.5, None, True, {"in": ()})}),
        State("s1", final=True),
        State("s0 ", metadata={"final": True}),
    )
    transitions = (
        Transition(name, (name, "s1"), "s1", And((Name(name), Or((Name("B"), Not(Name("C")))))), (name, "Act")),
        Transition(None, ("s1",), name, Name("G"), emits=(name,), description=name, metadata={"k": name}),
        Transition("e0", ("s0 ",), "undeclared"),
    )
    return Machine(name, name, states, transitions, model=name, description=name, config={"n": -1}, field="f f")
