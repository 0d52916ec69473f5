"""What may be committed: small files, plain names, versions without addresses."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LARGEST = 1_500_000  # bytes
LARGE = {"sample_events/shop.ndjson": 6_000_000}  # the whole export of the sample shop, as its application writes it
VAGUE = {"utils", "util", "helpers", "helper", "misc", "common", "manager", "handler", "processor"}


def committed() -> list[Path]:
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [path for name in listing.split("\0") if name and (path := ROOT / name).is_file()]


def project() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def test_no_committed_file_is_large():
    sizes = {str(path.relative_to(ROOT)): path.stat().st_size for path in committed()}
    assert {name: size for name, size in sizes.items() if size > LARGE.get(name, LARGEST)} == {}


def test_no_module_has_a_vague_name():
    parts = {
        part for path in committed() if path.suffix == ".py" for part in (*path.relative_to(ROOT).parts, path.stem)
    }
    assert parts & VAGUE == set()


def test_constraints_hold_versions_and_no_address():
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = [line for line in lines if not line.startswith("#")]
    assert [line for line in pins if not re.fullmatch(r"[a-z0-9.-]+==[0-9a-z.]+( ; .+)?", line)] == []
    assert "://" not in "".join(lines)


def test_every_requirement_is_pinned():
    pins = {line.split("==")[0] for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()}
    wanted = [*project()["dependencies"], *(r for rs in project()["optional-dependencies"].values() for r in rs)]
    names = {re.match(r"[\w.-]+", requirement)[0].lower().replace(".", "-") for requirement in wanted}
    assert names - pins == set()


def test_every_dependency_has_its_reason():
    note = (ROOT / "docs" / "decisions" / "0004-dependencies.md").read_text(encoding="utf-8")
    names = [re.match(r"[\w.-]+", requirement)[0] for requirement in project()["dependencies"]]
    assert [name for name in names if f"`{name}`" not in note] == []


def test_the_changelog_speaks_of_this_version():
    assert f"## [{project()['version']}]" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
