"""`ask` and `sql`: each question by its Python name, with exactly its own options."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from workbench import metrics


def test_every_question_is_listed_with_its_options(run):
    listed = {one["question"]: one["options"] for one in run("ask", "--list", "--format", "json").json}
    assert set(listed) == set(metrics.__all__) - {"Cause", "Hindrance", "discover", "why", "why_not"}
    options = ["--steps", "[--within]", "[--since]", "[--before]", "[--order]", "[--by]", "[--zone]"]
    assert listed["funnel"] == options
    assert [name for name in listed if name not in run("ask", "--list").out] == []


def test_every_question_answers(run, stored: Path, machines: Path):
    counters = stored.parent / "counters.json"
    counters.write_text('{"live_metrics:Order:states": {"pending": 1}}', encoding="utf-8")
    needs = {
        "machines": ("--machines", machines),
        "steps": ("--steps", "pending,confirmed"),
        "text": ("--text", "paid"),
        "type": ("--type", "Order"),
        "id": ("--id", "1"),
        "path": ("--path", "status"),
        "key": ("--key", "cost"),
        "from_state": ("--from-state", "pending"),
        "to_state": ("--to-state", "confirmed"),
        "counters": ("--counters", counters),
        "a": ("--a", "aggregate_id = '1'"),
        "first": ("--first", "pending"),
        "second": ("--second", "confirmed"),
        "then": ("--then", "2026-01-05"),
    }

    def takes(one, name):
        flag = "--" + name.replace("_", "-")
        return {flag, f"[{flag}]"} & set(one["options"])

    for one in run("ask", "--list", "--format", "json").json:
        options = [word for name, words in needs.items() if takes(one, name) for word in words]
        for shape in ("table", "json"):
            assert run("ask", one["question"], stored, *options, "--format", shape).code == 0, one


def test_transition_counts_are_counted(run, stored: Path):
    rows = run("ask", "transition_counts", stored, "--format", "json").json
    assert {(row["from_state"], row["to_state"]): row["times"] for row in rows} == {
        ("pending", "confirmed"): 1, ("confirmed", "fulfilled"): 1,
        ("pending", "cancelled"): 1, ("pending", "fulfilled"): 1,
    }  # fmt: skip


def test_windows_and_slices_narrow_the_answer(run, stored: Path):
    def times(*words: object) -> int:
        rows = run("ask", "transition-counts", stored, *words, "--format", "json").json
        return sum(row["times"] for row in rows)

    assert times("--since", "2026-01-05 11:30", "--before", "2026-01-06 09:30") == 2
    assert times("--type", "Order", "--id", "1", "--id", "3") == 3
    assert times("--until", "2026-01-05 11:00") == 1
    assert times("--where", "aggregate_id IN ('1', '3')", "--type", "Order") == 3
    assert run("ask", "variants", stored, "--where", "no_such = 1").code == 2


def test_keys_are_a_list_by_commas_or_repeated(run, stored: Path):
    by_comma = run("ask", "time_in_state", stored, "--by", "created:day,actor", "--format", "json").json
    assert list(by_comma[0])[:3] == ["type", "created_day", "actor"]
    repeated = run("ask", "time_in_state", stored, "--by", "created:day", "--by", "actor", "--format", "json").json
    assert repeated == by_comma


def test_a_question_alone_is_explained(run):
    told = run("ask", "throughput")
    assert told.code == 0
    assert told.out.startswith("Usage: workbench ask throughput LOG --from-state --to-state [--once]")
    assert "median_seconds DOUBLE" in told.out
    assert run("ask", "throughput", "--format", "json").json["options"][0] == "--from-state"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("throughput", "--to-state", "x"), "throughput needs --from-state: workbench ask throughput explains"),
        (("throughput", "--form-state", "x"), "takes no --form-state: did you mean --from-state?"),
        (("throughput", "--from-state", "a", "--to-state", "b", "--once=maybe"), "--once 'maybe' is neither true nor"),
        (("time_in_state", "--zone", ""), "no time zone named ''"),
        (("why_not",), "why_not is a command of its own: workbench whynot --help"),
        (("holds",), "needs the machines too: --machines PATH"),
        (("time_limits",), "--limits 'pending=4 hours'"),
        (("flow", "--since", "2026-02-01", "--before", "2026-01-01"), "--before '2026-01-01' is earlier than --since"),
        (("states_over_time", "--since", "2026-02-01", "--before", "2026-01-01"), "is earlier than --since"),
        (("time_in_state", "--by", "country"), "in --by: did you mean 'attributes.country'?"),
        (("time_in_state", "--by", "created:weak"), "in --by: did you mean 'created:week'?"),
    ],
)
def test_a_wrong_question_is_one_sentence_of_the_command_line(run, stored: Path, words, told):
    name, *options = words
    said = run("ask", name, stored, *options)
    assert (said.code, said.out, said.err.count("\n")) == (2, "", 1)
    assert told in said.err


def test_numbers_are_read_as_such(run, stored: Path):
    assert run("ask", "bursts", stored, "--factor", "2.5").code == 0
    assert "--factor 'many' is no number" in run("ask", "bursts", stored, "--factor", "many").err
    assert "--support '1.5' is no whole number" in run("ask", "distinguish", stored, "--a", "true", "--support=1.5").err


def test_steps_are_a_list_by_commas_or_repeated(run, stored: Path):
    by_commas = run("ask", "funnel", stored, "--steps", "pending, confirmed,fulfilled", "--format", "json").json
    repeated = run(
        "ask",
        "funnel",
        stored,
        "--steps",
        "pending",
        "--steps",
        "confirmed",
        "--steps",
        "fulfilled",
        "--format",
        "json",
    ).json
    assert [row["aggregates"] for row in by_commas] == [3, 1, 1]
    assert by_commas == repeated


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("funel",), "no question named 'funel': did you mean 'funnel'?"),
        (("funnel",), "funnel needs --steps"),
        (("funnel", "--stps", "a"), "funnel takes no --stps: did you mean --steps?"),
        (("event_types", "--steps", "a"), "event_types takes no --steps: it takes no options"),
        (("funnel", "--steps", "pending,confrmed"), "did you mean 'confirmed'?"),
        (("funnel", "--steps", "pending", "--within", "soon"), "'soon' is not a duration"),
        (("off_machine", "--machines", "machins"), "no such file: machins"),
        (("state_at", "extra"), "'extra' stands alone"),
    ],
)
def test_a_wrong_question_or_option_is_one_line(run, stored: Path, words, told):
    said = run("ask", words[0], stored, *words[1:])
    assert (said.code, said.out, said.err.count("\n")) == (2, "", 1)
    assert told in said.err


def test_two_versions_and_two_aggregates_are_compared(run, stored: Path):
    two = ("ask", "compare", stored, "--type", "Order", "--format", "json", "--id")
    versions = run(*two, "1", "--versions", "1,2").json
    assert [(row["what"], row["old"], row["new"]) for row in versions] == [("state", "pending", "confirmed")]
    aggregates = run(*two, "1", "--id", "2").json
    assert [(row["aggregate_id"], row["old"], row["new"]) for row in aggregates if row["what"] == "state"] == [
        ("2", "fulfilled", "cancelled")
    ]
    said = run(*two, "1")
    assert (said.code, said.out) == (2, "")
    assert "compare needs --then (the instant to compare with), or --versions of one aggregate" in said.err


def test_the_help_of_a_question_is_its_own(run, stored: Path):
    for words in (("funnel", "--help"), ("funnel", stored, "-h"), ("--help", "funnel")):
        said = run("ask", *words)
        assert (said.code, said.err) == (0, "")
        assert said.out.startswith("Usage: workbench ask funnel LOG --steps [--within]")
        assert "of_first DOUBLE" in said.out
        assert "--format" in said.out
    generic = run("ask", "--help")
    assert (generic.code, generic.err) == (0, "")
    assert generic.out.startswith("Usage: workbench ask [OPTIONS] [QUESTION] [LOG]")
    assert "no question named 'funel': did you mean 'funnel'?" in run("ask", "funel", "--help").err


def test_states_of_several_types_ask_for_the_option(run, export: Path):
    with export.open("a", encoding="utf-8") as file:
        file.writelines(
            line.replace("Order", "Parcel").replace('{"id": ', '{"id": 10') + "\n"
            for line in export.read_text().splitlines()
        )
    said = run("ask", "funnel", export, "--steps", "pending,confirmed", "--timezone", "UTC")
    assert said.code == 2
    assert "--type Order" in said.err


def test_sql_answers_over_the_canonical_tables(run, stored: Path):
    rows = run(
        "sql", stored, "SELECT to_state, count(*) AS moves FROM moves GROUP BY ALL ORDER BY ALL", "--format", "csv"
    )
    assert rows.out == "to_state,moves\ncancelled,1\nconfirmed,1\nfulfilled,2\npending,3\n"


def test_sql_may_come_from_stdin(run, stored: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("FROM events SELECT count(*) AS n -- all of them"))
    assert run("sql", stored, "-", "--format", "json").json == [{"n": 7}]


def test_sql_values_stay_json(run, stored: Path):
    query = "SELECT 'nan'::DOUBLE AS a, TIMESTAMPTZ '2026-01-05 10:00+02' AS b, {'x': [1]} AS c, '[1]'::JSON AS d"
    assert run("sql", stored, query, "--format", "json").json == [
        {"a": None, "b": "2026-01-05T08:00:00Z", "c": {"x": [1]}, "d": [1]}
    ]


@pytest.mark.parametrize("query", ["DELETE FROM events", "SELECT 1; SELECT 2", "SELEC 1", "SELECT nothing FROM moves"])
def test_sql_that_cannot_run_is_one_line(run, stored: Path, query: str):
    said = run("sql", stored, query)
    assert (said.code, said.out, said.err.count("\n")) == (2, "", 1)


def test_a_long_table_says_how_much_is_left_out(run, stored: Path):
    out = run("sql", stored, "FROM range(1200) AS numbers(n) ORDER BY n", "--limit", "5").out
    assert out.splitlines()[-1] == "1,195 more rows: --limit N shows more"
    assert len(out.splitlines()) == 7


def test_times_are_counted_in_business_hours_on_request(run, stored: Path):
    def waited(*words: object) -> float:
        asked = run(
            "ask",
            "throughput",
            stored,
            "--from-state",
            "pending",
            "--to-state",
            "cancelled",
            *words,
            "--format",
            "json",
        )
        return asked.json[0]["max_seconds"]

    assert waited() == 3600  # from 10:30 to 11:30 on a Monday
    assert waited("--hours", "Mon-Fri 09:00-11:00") == 1800
    assert waited("--hours", "Mon-Fri 09:00-12:00", "--zone", "Europe/Paris") == 1800
    assert waited("--hours", "Mon-Fri 09:00-12:00", "--holidays", "2026-01-05,2026-01-06") == 0
    assert "no business hours" in run("ask", "quality", stored, "--hours", "always").err
