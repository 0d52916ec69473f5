"""One text of a machine file, read."""

from workbench.machines.reader import read_text


def only(text):
    machines = read_text(text)
    assert [f for f in machines.findings if f.severity == "error"] == []
    (machine,) = machines.values()
    return machine


def complaints(text):
    return [(f.line, f.column, f.code, f.message) for f in read_text(text).findings]
