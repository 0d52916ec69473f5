"""What a project may say about its checks: settings in files, comments in machines, findings known before."""

import json

import pytest

from workbench.errors import WorkbenchError
from workbench.machines import check, read_machines
from workbench.machines.baseline import fingerprint, unknown_to_baseline, write_baseline
from workbench.machines.reader import read_text
from workbench.machines.settings import Settings
from workbench.machines.settings_files import find_settings, read_settings, settings_text

TEXT = """name: Door
initial_state: open
states:
  - open
  - shut
  - lost
transitions:
  - {name: close, from: open, to: shut, guard: App\\Guards\\IsWindy, action: Ring}
  - {name: push, from: shut, to: open, guard: IsWarm}
"""


def codes(findings):
    return [finding.code for finding in findings]


def checked(tmp_path, text, settings=None):
    path = tmp_path / "door.yaml"
    path.write_text(text, encoding="utf-8")
    return check(read_machines(path, strict=False), settings)


# -- settings -------------------------------------------------------------------------------------------------------


def test_levels_are_set_by_code_beginning_or_name_and_the_longest_counts():
    settings = settings_text("rules: {SM3: warning, unreachable_state: info, sm209: off}", "s")
    found = check(read_text(TEXT), settings)
    assert [(f.code, f.severity) for f in found] == [("SM303", "warning"), ("SM301", "info")]


def test_off_is_off_whatever_a_yaml_1_1_reader_makes_of_it(tmp_path):
    toml = tmp_path / "pyproject.toml"
    toml.write_text('[tool.workbench.check]\nrules = {SM301 = "off", SM303 = false}\n', encoding="utf-8")
    assert codes(check(read_text(TEXT), read_settings(toml))) == ["SM209"]
    assert codes(check(read_text(TEXT), settings_text("rules:\n  SM301: off\n  SM303: off\n", "s"))) == ["SM209"]


def test_select_and_ignore():
    assert codes(check(read_text(TEXT), Settings(select=("SM3",), ignore=("SM303",)))) == ["SM301"]


def test_extends_adds_up_and_the_own_counts_more(tmp_path):
    (tmp_path / "base.yaml").write_text(
        "profile: package\nfail_on: warning\nguards: [A]\nignore: [SM6]\nrules: {SM301: off, SM302: info}\n",
        encoding="utf-8",
    )
    (tmp_path / "own.yaml").write_text(
        "extends: base.yaml\nguards: [B]\nignore: [SM4]\nrules: {SM301: error}\nbaseline: known.json\n",
        encoding="utf-8",
    )
    settings = read_settings(tmp_path / "own.yaml")
    assert (settings.profile, settings.fail_on, settings.guards) == ("package", "warning", ("A", "B"))
    assert dict(settings.levels) == {"SM301": "error", "SM302": "info"}
    assert settings.ignore == ("SM6", "SM4")
    assert settings.baseline == str(tmp_path / "known.json")


def test_extends_in_a_circle_is_refused(tmp_path):
    (tmp_path / "a.yaml").write_text("extends: b.yaml\n", encoding="utf-8")
    (tmp_path / "b.yaml").write_text("extends: a.yaml\n", encoding="utf-8")
    with pytest.raises(WorkbenchError, match="leads back to this file"):
        read_settings(tmp_path / "a.yaml")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("rule: {}", "no setting named 'rule' in s: did you mean 'rules'?"),
        ("rules: {SM301: warn}", "no severity named 'warn' in s, rule SM301: did you mean 'warning'?"),
        ("rules: {SM999: off}", "no rule named 'SM999' in s"),
        ("rules: [SM301]", "s: `rules` must map codes to off, info, warning or error"),
        ("profile: wikki", "no profile named 'wikki' in s: did you mean 'wiki'?"),
        ("guards: {a: b}", "s: `guards` must be a list of texts"),
        ("- a", "s: settings are a mapping with the keys extends, rules,"),
        ("a: [", "s:1: this is no YAML:"),
    ],
)
def test_what_is_no_setting_is_one_sentence(text, said):
    with pytest.raises(WorkbenchError) as caught:
        settings_text(text, "s")
    assert str(caught.value).startswith(said)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_not_there_or_no_toml_is_one_sentence(tmp_path):
    with pytest.raises(WorkbenchError, match=r"none.yaml: these settings cannot be read: No such file"):
        read_settings(tmp_path / "none.yaml")
    (tmp_path / "pyproject.toml").write_text("[tool", encoding="utf-8")
    with pytest.raises(WorkbenchError, match=r"pyproject.toml: this is no TOML"):
        find_settings(tmp_path)


def test_the_nearest_settings_are_found_and_a_project_without_the_table_is_passed_by(tmp_path):
    below = tmp_path / "a" / "b"
    below.mkdir(parents=True)
    (tmp_path / "pyproject.toml").write_text("[tool.workbench.check]\n", encoding="utf-8")
    (tmp_path / "a" / "pyproject.toml").write_text("[tool.ruff]\n", encoding="utf-8")
    assert find_settings(below) == (tmp_path / "pyproject.toml").resolve()
    (below / "workbench.yaml").write_text("", encoding="utf-8")
    assert find_settings(below) == (below / "workbench.yaml").resolve()
    assert read_settings(below / "workbench.yaml") == Settings(file=str(below / "workbench.yaml"))


# -- known names ----------------------------------------------------------------------------------------------------


def test_names_the_application_has_are_matched_with_and_without_their_namespace(tmp_path):
    file = tmp_path / "workbench.yaml"
    file.write_text("guards:\n  - IsWindy\n  - App\\Guards\\IsWram\n  - IsNight\nactions: [Ring]\n", encoding="utf-8")
    found = checked(tmp_path, TEXT, read_settings(file)).selected(["SM401", "SM402"])
    assert [(f.code, f.line, f.column, f.subjects[0]) for f in found] == [
        ("SM401", 9, 40, "IsWarm"),
        ("SM402", 3, 5, "App\\Guards\\IsWram"),
        ("SM402", 4, 5, "IsNight"),
    ]
    assert codes(checked(tmp_path, TEXT).selected(["SM401", "SM402"])) == []


# -- comments -------------------------------------------------------------------------------------------------------


def test_a_comment_silences_its_line_and_no_other(tmp_path):
    text = TEXT.replace("  - lost\n", "  - lost # workbench: ignore SM301\n")
    assert codes(checked(tmp_path, text)) == ["SM303", "SM209"]
    assert codes(checked(tmp_path, text.replace("SM301", "SM305"))) == ["SM303", "SM301", "SM209"]
    assert codes(checked(tmp_path, text.replace(" SM301", ""))) == ["SM303", "SM209"]


def test_a_comment_of_its_own_silences_the_next_line(tmp_path):
    text = TEXT.replace("  - lost\n", "  # workbench: ignore SM301, SM302\n  # it comes back\n  - lost\n")
    assert codes(checked(tmp_path, text)) == ["SM303", "SM209"]


def test_a_comment_may_silence_a_whole_file(tmp_path):
    assert codes(checked(tmp_path, "# workbench: ignore-file SM3\n" + TEXT)) == ["SM209"]


def test_a_text_that_only_looks_like_a_comment_silences_nothing(tmp_path):
    text = TEXT.replace("  - lost\n", "  - lost#workbench: ignore SM301\n")
    assert "SM301" in codes(
        checked(tmp_path, text.replace("lost#workbench:", '"lost#workbench:').replace("M301\n", 'M301"\n'))
    )


# -- baseline -------------------------------------------------------------------------------------------------------


def test_a_baseline_survives_moved_lines_and_another_checkout(tmp_path):
    for place in ("here", "there"):
        (tmp_path / place).mkdir()
    found = checked(tmp_path / "here", TEXT)
    assert write_baseline(tmp_path / "here" / "known.json", found) == len(found) == 3
    (tmp_path / "there" / "known.json").write_bytes((tmp_path / "here" / "known.json").read_bytes())
    moved = checked(
        tmp_path / "there", "# one\n\n# more\n" + TEXT.replace("  - open\n  - shut\n", "  - shut\n  - open\n")
    )
    assert [f.line for f in moved] != [f.line for f in found]
    assert unknown_to_baseline(tmp_path / "there" / "known.json", moved).items == ()


def test_a_second_finding_alike_is_new(tmp_path):
    (finding, *_) = checked(tmp_path, TEXT)
    write_baseline(tmp_path / "known.json", [finding])
    assert list(unknown_to_baseline(tmp_path / "known.json", [finding, finding])) == [finding]


def test_a_baseline_is_in_order_and_says_what_is_known(tmp_path):
    write_baseline(tmp_path / "known.json", reversed(checked(tmp_path, TEXT)))
    entries = json.loads((tmp_path / "known.json").read_text(encoding="utf-8"))["findings"]
    assert [(entry["code"], entry["file"], entry["machine"], entry["subjects"]) for entry in entries] == [
        ("SM209", "door.yaml", "Door", ["push", "shut"]),
        ("SM301", "door.yaml", "Door", ["lost"]),
        ("SM303", "door.yaml", "Door", ["lost"]),
    ]


def test_a_baseline_of_another_version_is_refused(tmp_path):
    (tmp_path / "known.json").write_text('{"version": 2, "findings": []}', encoding="utf-8")
    with pytest.raises(WorkbenchError, match="of version 2, expected 1"):
        unknown_to_baseline(tmp_path / "known.json", [])


def test_fingerprints_differ_where_subjects_differ(tmp_path):
    marks = [fingerprint(finding, tmp_path) for finding in checked(tmp_path, TEXT)]
    assert len(set(marks)) == 3
