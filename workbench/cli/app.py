"""Which verbs are there? The table of contents of the command line."""

from __future__ import annotations

from typing import Annotated

import typer

from workbench import __version__
from workbench.cli import (
    asking,
    discovering,
    evidencing,
    exchanging,
    foreseeing,
    ingest,
    judging,
    lint,
    lookup,
    making,
    tracing,
)

app = typer.Typer(
    name="workbench",
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)


def _show_version(asked: bool) -> None:
    if asked:
        typer.echo(f"workbench {__version__}")
        raise typer.Exit


@app.callback()
def workbench(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Explain what an event-sourced, state-machine-driven application did.

    LOG is a stored log (.duckdb) or an export file, which is read into memory; what runs history again, or holds it
    against machines, also takes a profile.
    Exit codes: 0 fine, 1 the answer is bad news or nothing was done, 2 cannot run.
    """


app.command("check")(lint.check_machines)
app.command("import")(ingest.import_sources)
app.command("find")(lookup.find_text)
app.command("trail")(lookup.show_trail)
app.command("why")(tracing.show_why)
app.command("whynot")(tracing.show_why_not)
app.command("replay")(lookup.replay_life)
app.command("states")(lookup.show_states)
app.command("ask", add_help_option=False, context_settings={"ignore_unknown_options": True, "allow_extra_args": True})(
    asking.ask_question
)
app.command("sql")(asking.ask_sql)
app.command("conform")(judging.conform)
app.command("discover")(discovering.discover_machines)
app.command("convert")(exchanging.convert_machines)
app.command("diff")(foreseeing.compare_versions)
app.command("whatif")(foreseeing.rerun_history)
app.command("profile")(foreseeing.keep_profile)
app.command("simulate")(making.simulate_lives)
app.command("report")(making.make_report)
app.command("evidence", context_settings={"ignore_unknown_options": True, "allow_extra_args": True})(
    evidencing.write_evidence
)
app.command("rules")(lint.explain_rules)
app.command("mappings")(ingest.show_mappings)
app.command("lab")(making.start_lab)
