"""Which files does a user mean by a path, a folder or a pattern?"""

from __future__ import annotations

import glob
import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from workbench.errors import MachineError, nearest

MachinePath = str | os.PathLike[str]
YAML = (".yaml", ".yml")


def machine_files(path: MachinePath | Iterable[MachinePath], suffixes: Sequence[str] = YAML) -> list[Path]:
    """Return the files meant, each once: a file as given, a folder's own of these suffixes, or what a glob finds."""
    paths = [path] if isinstance(path, str | os.PathLike) else list(path)
    found: dict[Path, Path] = {}
    for one in paths:
        if not str(one):
            raise MachineError("an empty path names no file: write . for the current folder")
        for file in _files(Path(one), str(one), suffixes):
            found.setdefault(file.resolve(), file)
    return list(found.values())


def _files(path: Path, given: str, suffixes: Sequence[str]) -> list[Path]:
    if path.is_dir():
        return _files_in(path, suffixes)
    if path.exists():
        return [path]
    if glob.has_magic(given):
        matches = [Path(match) for match in sorted(glob.glob(given, recursive=True))]  # noqa: PTH207  Path.glob takes no absolute pattern
        found = [match for match in matches if match.is_file()]
        if not found:
            raise MachineError(f"no file matches the pattern {given!r}")
        return found
    if path.is_symlink():
        raise MachineError(f"{given!r} is a link to a file that is not there")
    raise MachineError(f"no file or folder {given!r}{_near(path)}")


def _files_in(folder: Path, suffixes: Sequence[str]) -> list[Path]:
    try:
        found = sorted(file for file in folder.iterdir() if _is_meant(file, suffixes))
        below = [file for suffix in suffixes for file in folder.glob(f"*/*{suffix}")] if not found else []
    except OSError as error:
        raise MachineError(f"the folder {str(folder)!r} cannot be read: {error.strerror}") from error
    if not found:
        folders = sorted({file.parent.name for file in below})
        hint = f"; subfolders are not read, {', '.join(map(repr, folders))} holds some" if folders else ""
        ends = " or ".join(suffixes)
        raise MachineError(f"the folder {str(folder)!r} holds no machine: no file there ends in {ends}{hint}")
    return found


def _is_meant(file: Path, suffixes: Sequence[str]) -> bool:
    return file.suffix.lower() in suffixes and not file.name.startswith(".") and file.is_file()


def _near(path: Path) -> str:
    try:
        beside = [entry.name for entry in path.parent.iterdir()]
    except OSError:
        return ""
    near = nearest(path.name, beside)
    return f": did you mean {str(path.parent / near)!r}?" if near else ""
