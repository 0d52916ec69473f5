"""SARIF 2.1.0: what its schema asks for is there, and what a viewer shows is right.

The output was held to the official schema by hand; that is not ours to ship, so its demands are written out here.
"""

import json
import re

import pytest

from workbench.machines import RULES, Finding, check
from workbench.machines.reader import read_text
from workbench.machines.sarif import sarif_log

TEXT = """
name: Ünï
initial_state: a
states: [a, b, c]
transitions:
  - {name: t, from: a, to: b}
  - {name: t, from: a, to: a}
"""
FOUND = check(read_text(TEXT, "machines/a ü.yaml"))
LOG = json.loads(json.dumps(sarif_log(FOUND, version="1.2.3")))
(RUN,) = LOG["runs"]
DRIVER = RUN["tool"]["driver"]
ALLOWED = {
    "result": {"ruleId", "ruleIndex", "level", "message", "locations", "partialFingerprints", "properties"},
    "rule": {"id", "name", "shortDescription", "fullDescription", "help", "defaultConfiguration"},
    "location": {"physicalLocation", "logicalLocations"},
}


def test_the_log_and_its_run_have_what_the_schema_requires():
    assert LOG["version"] == "2.1.0"
    assert set(LOG) == {"$schema", "version", "runs"}
    assert set(RUN) == {"tool", "results", "columnKind"}
    assert RUN["columnKind"] in {"utf16CodeUnits", "unicodeCodePoints"}
    assert set(DRIVER) == {"name", "semanticVersion", "rules"}
    assert (DRIVER["name"], DRIVER["semanticVersion"]) == ("workbench", "1.2.3")


def test_rules_are_all_there_once_with_texts_and_levels():
    assert [rule["id"] for rule in DRIVER["rules"]] == list(RULES)
    for rule in DRIVER["rules"]:
        assert set(rule) == ALLOWED["rule"]
        assert "" not in {rule[text]["text"] for text in ("shortDescription", "fullDescription", "help")}
        assert "```yaml" in rule["help"]["markdown"]
        assert rule["defaultConfiguration"]["level"] in {"none", "note", "warning", "error"}
        assert re.fullmatch(r"[A-Z]\w+", rule["name"])


def test_results_point_at_their_rule_and_their_place():
    assert len(RUN["results"]) == len(FOUND) > 2
    for result, finding in zip(RUN["results"], FOUND, strict=True):
        assert set(result) == ALLOWED["result"]
        assert DRIVER["rules"][result["ruleIndex"]]["id"] == result["ruleId"] == finding.code
        assert result["level"] == {"error": "error", "warning": "warning", "info": "note"}[finding.severity]
        assert result["message"]["text"].startswith(finding.message)
        (location,) = result["locations"]
        assert set(location) == ALLOWED["location"]
        place = location["physicalLocation"]
        assert place["artifactLocation"] == {"uri": "machines/a%20%C3%BC.yaml"}
        assert place["region"] == {"startLine": finding.line, "startColumn": finding.column}
        assert location["logicalLocations"] == [{"name": "Ünï", "kind": "module"}]
        assert all(isinstance(value, str) for value in result["partialFingerprints"].values())


def test_a_file_outside_the_folder_is_named_by_its_whole_path(tmp_path):
    finding = Finding("SM301", "unreachable_state", "error", None, str(tmp_path / "a b.yaml"), 0, 0, "m")
    (result,) = sarif_log([finding], version="1")["runs"][0]["results"]
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == (tmp_path / "a b.yaml").as_uri()
    assert place["region"] == {"startLine": 1, "startColumn": 1}
    assert "logicalLocations" not in result["locations"][0]


@pytest.mark.parametrize("keep", [True, False])
def test_no_finding_is_an_empty_list_not_a_missing_one(keep):
    assert sarif_log(FOUND if keep else [], version="1")["runs"][0]["results"] == (RUN["results"] if keep else [])
