"""What does `workbench check` look at? `python docs/rules_page.py > docs/rules.md`; a test compares them."""

from __future__ import annotations

import sys

from workbench.machines import RULES, Rule

HEAD = """# Rules

Written by `python docs/rules_page.py > docs/rules.md` from the rules' own docstrings; do not edit.

`workbench check PATH` tells what breaks them, `workbench rules CODE` explains one. In `workbench.yaml`, or under
`[tool.workbench.check]` in `pyproject.toml`, here or in a folder above:

```yaml
extends: ../workbench.yaml        # settings these add to
rules: {SM305: off, SM4: warning} # off, info, warning or error, by code, beginning of a code, or name
profile: wiki                     # wiki: a transition is asked for by its name; package: by the state it leads to
guards: [IsWindy]                 # the guards and actions the application has: SM401, SM402
actions: []
select: [SM2, SM3]                # only these
ignore: [SM206]
fail_on: warning                  # the least severity that makes the exit code 1
baseline: known.json              # what `--write-baseline` wrote: findings known before
```

Without `profile`, the flat dialect is read by names, the package dialect by states, and so are machines that name
no transition. A comment `# workbench: ignore SM305` silences a rule on its line, or alone on a line on the next one;
`# workbench: ignore-file SM305` in the whole file.
"""
THEMES = {
    "SM0": "The text of the file",
    "SM1": "Names and structure",
    "SM2": "Choice between transitions",
    "SM3": "Reachability and endings",
    "SM4": "Guards, actions and how things are named",
    "SM5": "Bindings and joint behaviour",
    "SM6": "Metadata",
    "SM7": "Machine and log",
    "SM8": "Properties",
}


def page() -> str:
    """Return all rules by theme as one Markdown page: a table, then each with its examples."""
    rows = [f"| [{c}](#{c.lower()}) | {r.severity} | `{r.name}` | {r.summary} |" for c, r in RULES.items()]
    table = "\n".join(["| code | severity | name | what is wrong |", "|---|---|---|---|", *rows])
    parts = [HEAD, table + "\n"]
    for begin, theme in THEMES.items():
        rules = [rule for code, rule in RULES.items() if code.startswith(begin)]
        if rules:
            parts += [f"## {theme}\n", *map(section, rules)]
    return "\n".join(parts)


def section(rule: Rule) -> str:
    """Return one rule: what is wrong, why, and its examples."""
    shown = [f"### {rule.code}", f"`{rule.name}`, {rule.severity}. {rule.summary}"]
    shown += [rule.explanation] if rule.explanation else []
    examples = {"Settings": rule.settings, "Log": rule.log, "Incorrect": rule.incorrect, "Correct": rule.correct}
    shown += [f"{title}:\n\n```yaml\n{text}```" for title, text in examples.items() if text]
    return "\n\n".join(shown) + "\n"


if __name__ == "__main__":
    sys.stdout.write(page())
