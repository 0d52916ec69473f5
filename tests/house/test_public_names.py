"""The public names are complete and lazy: importing the workbench costs nearly nothing, no module hides a function."""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import workbench as wb

ROOT = Path(__file__).resolve().parents[2]
HEAVY = {"pandas", "plotly", "ipywidgets", "networkx", "typer", "rich", "cel", "duckdb"}
QUESTIONS = {
    "find", "event_types", "audit_trail", "state_at", "state_distribution", "states_over_time", "transition_counts",
    "time_in_state", "funnel", "variants", "off_machine", "conformance", "quality", "related", "survival", "holds",
    "violations", "unused", "attributes_at", "blame", "field_history", "ageing", "bottlenecks", "time_limits",
    "late_stays", "weighted_time", "throughput", "rework", "life_durations", "flow", "drift",
    "snapshot_check", "alignments", "repairs", "compare",
}  # fmt: skip
PROMISED = QUESTIONS | {
    "why", "Cause", "why_not", "Hindrance",
    "read_machines", "check", "Machine", "Machines", "Finding", "Findings", "read_events", "open_log", "EventLog",
    "ImportReport", "discover", "replay", "Timeline", "Moment", "simulate", "figures", "widgets", "__version__",
    "WorkbenchError", "MachineError", "UnknownNameError", "SourceError", "MappingError", "LogError", "InstantError",
}  # fmt: skip
# Public functions of the contract that are still to come: their names are taken all the same.
TO_COME = {
    "what_if", "diff",
}  # fmt: skip


def run(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_every_promised_name_is_public_and_there():
    assert set(wb.__all__) >= PROMISED
    assert [name for name in wb.__all__ if not hasattr(wb, name)] == []


def test_names_are_sorted_and_dir_lists_them():
    assert list(wb.__all__) == sorted(wb.__all__)
    assert dir(wb) == sorted(wb.__all__)


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'funel'"):
        _ = wb.funel


def test_type_checkers_see_the_names_that_load_lazily():
    tree = ast.parse((ROOT / "workbench" / "__init__.py").read_text(encoding="utf-8"))
    guarded = next(node for node in tree.body if isinstance(node, ast.If))
    seen = {alias.name for node in guarded.body if isinstance(node, ast.ImportFrom) for alias in node.names}
    assert seen | {"__version__"} == set(wb.__all__)


def test_no_module_bears_the_name_of_a_public_function():
    functions = {name for name in wb.__all__ if name.islower() and name not in {"figures", "widgets"}} | TO_COME
    modules = {path.stem for path in (ROOT / "workbench").rglob("*.py")}
    packages = {path.parent.name for path in (ROOT / "workbench").rglob("__init__.py")}
    assert (modules | packages) & functions == set()


def test_a_function_stays_a_function_after_its_room_is_imported():
    assert (
        run("import workbench as wb, workbench.lives; print(callable(wb.replay), callable(wb.simulate))")
        == "True True\n"
    )


def test_importing_the_workbench_loads_nothing_heavy():
    loaded = run("import sys, workbench; print(*sys.modules)").split()
    assert {name.partition(".")[0] for name in loaded} & HEAVY == set()


def test_help_and_check_do_without_duckdb(tmp_path: Path):
    machine = tmp_path / "door.yaml"
    machine.write_text(
        "name: Door\ninitial_state: open\nstates: [{name: open}, {name: shut}]\n"
        "transitions: [{name: close, from: [open], to: shut}, {name: push, from: [shut], to: open}]\n",
        encoding="utf-8",
    )
    code = "import sys; sys.modules['duckdb'] = None\nfrom workbench.cli import main\n"
    assert "conform" in run(code + "assert main(['--help']) == 0")
    assert "1 machine, 2 states" in run(code + f"assert main(['check', {str(machine)!r}]) == 0")


def test_properties_of_machines_are_proved_without_duckdb():
    code = "import sys; sys.modules['duckdb'] = None\nimport workbench as wb\n"
    assert run(code + "print(wb.holds(wb.read_machines('machines/order.yaml')))").startswith("<Verdicts")


def test_the_version_is_that_of_the_project():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert wb.__version__ == project["version"]


def test_what_an_import_costs_over_duckdb_is_said(capsys: pytest.CaptureFixture[str]):
    def seconds(what: str) -> float:
        code = f"import time; t = time.perf_counter(); import {what}; print(time.perf_counter() - t)"
        return min(float(run(code)) for _ in range(2))

    alone, both = seconds("duckdb"), seconds("duckdb, workbench")
    with capsys.disabled():
        sys.stdout.write(f"\nimport workbench costs {both - alone:+.3f} s over import duckdb ({alone:.3f} s)\n")
