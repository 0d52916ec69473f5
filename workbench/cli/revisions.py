"""Which machines does a path mean, or `REV:path` in git?"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.cli.source import present_pattern
from workbench.errors import SourceError

if TYPE_CHECKING:
    from workbench.machines import Machines


def machines_at(given: str) -> Machines:
    """Return the machines of a path, or of a file or folder as a git revision has it.

    Raises
    ------
    SourceError
        When there is no such path, revision or file in it, or no git.
    MachineError
        When they cannot be read.
    """
    from workbench.machines import read_machines

    if ":" not in given or Path(given).exists():
        return read_machines(present_pattern(given))
    kind = _git("cat-file", "-t", given, given=given).strip()
    if kind == "blob":
        return _of_texts({given: _git("cat-file", "blob", given, given=given)})
    if kind != "tree":
        raise SourceError(f"{given} is a {kind} in git: name a machine file or a folder of them, as in main:machines/")
    names = _git("ls-tree", "-z", "--name-only", given, given=given).split("\0")
    folder = given if given.endswith((":", "/")) else f"{given}/"
    files = [folder + name for name in names if name.lower().endswith((".yaml", ".yml"))]
    if not files:
        raise SourceError(f"{given} holds no machine: no file there ends in .yaml or .yml")
    return _of_texts({file: _git("cat-file", "blob", file, given=file) for file in files})


def _of_texts(texts: dict[str, str]) -> Machines:
    from workbench.machines.reader import raise_on_errors, read_texts

    found = read_texts(texts)
    raise_on_errors(found.findings)
    return found


def _git(*words: str, given: str) -> str:
    from workbench.machines.reader import MAX_BYTES

    git = shutil.which("git")
    if git is None:
        raise SourceError(f"{given} names a revision, and git is not installed here: give a file instead")
    # What begins with a dash would be an option of git.
    if given.startswith("-"):
        raise SourceError(f"{given} is no revision: write REV:path, as in main:machines/order.yaml")
    done = subprocess.run([git, *words], capture_output=True, check=False)  # noqa: S603  no shell, and no option of the user's
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        reason = said[0].removeprefix("fatal: ") if said else "it does not say why"
        raise SourceError(f"git cannot show {given}: {reason}")
    if len(done.stdout) > MAX_BYTES:
        raise SourceError(f"{given} is larger than {MAX_BYTES // 1_000_000} MB; a machine of that size is refused")
    try:
        return done.stdout.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SourceError(f"{given} is not UTF-8; save it as UTF-8") from error
