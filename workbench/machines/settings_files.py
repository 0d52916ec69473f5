"""Which settings does a project keep in `pyproject.toml` or `workbench.yaml`?"""

from __future__ import annotations

import dataclasses
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, get_args

import yaml

from workbench.errors import UnknownNameError, WorkbenchError
from workbench.machines.profiles import Profile
from workbench.machines.rules import RULES
from workbench.machines.settings import FailOn, Level, Settings

_KEYS = ("extends", "rules", "profile", "guards", "actions", "select", "ignore", "fail_on", "baseline")
_NAMES = ("workbench.yaml", "pyproject.toml")
_DEEPEST = 10


def find_settings(folder: str | Path = ".") -> Path | None:
    """Return the nearest settings file of a folder or those above it; None where there is none.

    `workbench.yaml` counts before `[tool.workbench.check]` in `pyproject.toml`.
    """
    folder = Path(folder).resolve()
    for place in (folder, *folder.parents):
        for name in _NAMES:
            file = place / name
            if file.is_file() and (name == _NAMES[0] or _table(file) is not None):
                return file
    return None


def read_settings(file: str | Path) -> Settings:
    """Return the settings of a file: YAML, or TOML with a table `tool.workbench.check`.

    Keys: `extends` (files whose settings these add to, beside this file), `rules` (a code, a beginning of codes or a
    rule's name to off, info, warning or error), `profile` (wiki or package), `guards` and `actions` (the names the
    application has), `select`, `ignore`, `fail_on`, `baseline` (a file beside this one).

    Raises
    ------
    WorkbenchError
        When the file cannot be read or holds what is no setting; the message says where and what was expected.
    """
    return _read(Path(file), ())


def settings_text(text: str, file: str) -> Settings:
    """Return the settings a YAML text declares."""
    return _settings(_mapping(text, file), Path(file), ())


def _read(file: Path, above: tuple[Path, ...]) -> Settings:
    if file in above or len(above) > _DEEPEST:
        raise WorkbenchError(f"{file}: `extends` leads back to this file")
    if file.suffix == ".toml":
        return _settings(_table(file) or {}, file, above)
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise WorkbenchError(f"{file}: these settings cannot be read: {_why(error)}") from error
    return _settings(_mapping(text, str(file)), file, above)


def _why(error: OSError | UnicodeDecodeError) -> str:
    return str(error.strerror) if isinstance(error, OSError) else "they are not UTF-8"


def _table(file: Path) -> Mapping[str, Any] | None:
    try:
        whole = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise WorkbenchError(f"{file}: these settings cannot be read: {_why(error)}") from error
    except ValueError as error:
        raise WorkbenchError(f"{file}: this is no TOML: {error}") from error
    table = whole.get("tool", {}).get("workbench", {}).get("check")
    if table is None or isinstance(table, dict):
        return table
    raise WorkbenchError(f"{file}: tool.workbench.check must be a table")


def _mapping(text: str, file: str) -> Mapping[str, Any]:
    try:
        # Plain texts only: a YAML 1.1 reader would make False of `off`.
        found = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506  makes nothing but texts, lists and mappings
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise WorkbenchError(f"{file}:{line}: this is no YAML: {error.problem}") from error
    except yaml.YAMLError as error:
        raise WorkbenchError(f"{file}: this is no YAML") from error
    if found in (None, ""):
        return {}
    if not isinstance(found, dict):
        raise WorkbenchError(f"{file}: settings are a mapping with the keys {', '.join(_KEYS)}")
    return found


def _settings(found: Mapping[str, Any], file: Path, above: tuple[Path, ...]) -> Settings:
    for key in found:
        if key.replace("-", "_") not in _KEYS:
            raise UnknownNameError.of("setting", key, _KEYS, where=str(file))
    found = {key.replace("-", "_"): value for key, value in found.items()}
    base = Settings()
    for name in _names(found, "extends", file):
        base = _over(base, _read((file.parent / name).resolve(), (*above, file.resolve())))
    own = Settings(
        profile=_choice(found, "profile", get_args(Profile), file),
        levels=MappingProxyType(_levels(found.get("rules", {}), file)),
        guards=tuple(_names(found, "guards", file)) if "guards" in found else None,
        actions=tuple(_names(found, "actions", file)) if "actions" in found else None,
        select=_codes(found, "select", file),
        ignore=_codes(found, "ignore", file),
        fail_on=_choice(found, "fail_on", get_args(FailOn), file) or base.fail_on,
        baseline=str(file.parent / str(found["baseline"])) if found.get("baseline") else None,
        file=str(file),
    )
    return _over(base, own)


def _over(base: Settings, own: Settings) -> Settings:
    """Return `own` with what it leaves open taken from `base`; levels and known names add up."""
    return dataclasses.replace(
        own,
        profile=own.profile or base.profile,
        levels=MappingProxyType({**base.levels, **own.levels}),
        guards=_both(base.guards, own.guards),
        actions=_both(base.actions, own.actions),
        select=own.select or base.select,
        ignore=(*base.ignore, *own.ignore),
        baseline=own.baseline or base.baseline,
    )


def _both(one: tuple[str, ...] | None, other: tuple[str, ...] | None) -> tuple[str, ...] | None:
    return other if one is None else one if other is None else (*one, *other)


def _levels(found: object, file: Path) -> dict[str, Level]:
    if not isinstance(found, Mapping):
        raise WorkbenchError(f"{file}: `rules` must map codes to off, info, warning or error")
    levels: dict[str, Level] = {}
    for name, level in found.items():
        text = {"False": "off", "false": "off"}.get(str(level), str(level))
        if text not in get_args(Level):
            raise UnknownNameError.of("severity", text, get_args(Level), where=f"{file}, rule {name}")
        levels[_code(str(name), file)] = text  # type: ignore[assignment]  # one of the levels, as was just seen
    return levels


def _codes(found: Mapping[str, Any], key: str, file: Path) -> tuple[str, ...]:
    return tuple(_code(name, file) for name in _names(found, key, file))


def _code(name: str, file: Path) -> str:
    by_name = {rule.name: code for code, rule in RULES.items()}
    code = by_name.get(name, name.upper())
    if not code or not any(known.startswith(code) for known in RULES):
        raise UnknownNameError.of("rule", name, [*RULES, *by_name], where=str(file))
    return code


def _names(found: Mapping[str, Any], key: str, file: Path) -> Iterable[str]:
    value = found.get(key, [])
    names = [value] if isinstance(value, str) else value
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise WorkbenchError(f"{file}: `{key}` must be a list of texts")
    return [name for name in names if name]


def _choice(found: Mapping[str, Any], key: str, known: Iterable[str], file: Path) -> Any:
    value = found.get(key)
    if value is None or value in known:
        return value
    raise UnknownNameError.of(key.replace("_", "-"), value, known, where=str(file))
