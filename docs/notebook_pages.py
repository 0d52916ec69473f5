"""What do the notebooks say, for someone without Jupyter? A page each: `python docs/notebook_pages.py FOLDER`.

Each is run anew. A page holds all it needs and opens without network: figures move, a widget shows how it was left.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path
from string import Template

import nbformat
import plotly.io
from nbclient import NotebookClient
from nbconvert import HTMLExporter
from nbconvert.filters import markdown2html
from plotly.offline import get_plotlyjs

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOKS = ROOT / "notebooks"
FIGURE = "application/vnd.plotly.v1+json"
WIDGET = "application/vnd.jupyter.widget-view+json"
_PATIENCE = 300  # seconds; a loaded machine is slow, which is no failure
_PROGRESS = re.compile(r"[\r ]*(?:\w+: \d+%[\r ]*)*")
SECURITY = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:"
PAGE = Template("""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="$security">
<title>$title</title>
<style>
$style</style>
$script
</head>
<body data-jp-theme-light="true">
<main>
$body
</main>
</body>
</html>
""")


@dataclass(frozen=True)
class Told:
    """A notebook that was run: its title, the question it begins with and the answer it ends with."""

    notebook: nbformat.NotebookNode

    @property
    def title(self) -> str:
        """Return its heading."""
        return str(self.notebook.cells[0].source.splitlines()[0].lstrip("# "))

    @property
    def question(self) -> str:
        """Return the question as Markdown, in the person's words."""
        return str(self.notebook.cells[0].source.split("\n\n")[1])

    @property
    def answer(self) -> str:
        """Return the answer as Markdown."""
        return str(self.notebook.cells[-1].outputs[-1].data["text/markdown"])


def run(path: Path) -> Told:
    """Return a notebook with its outputs, run in a fresh kernel."""
    notebook = nbformat.read(path, as_version=4)
    place = {"metadata": {"path": str(path.parent)}}
    client = NotebookClient(
        notebook, timeout=_PATIENCE, startup_timeout=_PATIENCE, kernel_name="python3", resources=place
    )
    client.execute()
    for cell in notebook.cells:
        if "outputs" in cell:
            cell["outputs"] = [output for output in cell["outputs"] if not _is_progress(output)]
    return Told(notebook)


def _is_progress(output: nbformat.NotebookNode) -> bool:
    """Tell whether an output is how far an import was on a slow machine, and nothing else."""
    return output.get("name") == "stderr" and bool(_PROGRESS.fullmatch(output.text))


def page(told: Told) -> str:
    """Return a notebook that was run as one HTML page without a link to anything outside it."""
    notebook = nbformat.from_dict(json.loads(json.dumps(told.notebook)))
    notebook.metadata.pop("widgets", None)
    shown = [output.data for output in _outputs(notebook)]
    figures = [data for data in shown if FIGURE in data]
    for data in figures:
        data["text/html"] = _figure(data.pop(FIGURE))
    for cell in notebook.cells:  # before a view stands its still picture
        cell["outputs"] = [output for output in cell.get("outputs", ()) if WIDGET not in output.get("data", ())]
    exporter = HTMLExporter(
        template_name="basic", exclude_input_prompt=True, exclude_output_prompt=True, exclude_anchor_links=True
    )
    body, _ = exporter.from_notebook_node(notebook)
    return _page(
        told.title, f'<p class="way"><a href="index.html">All notebooks</a></p>\n{body}', figures=bool(figures)
    )


def index(notebooks: dict[str, Told]) -> str:
    """Return a page of all questions with their answers, each a link to its notebook.

    Parameters
    ----------
    notebooks
        By the name of their page.
    """
    parts = ["<h1>What the notebooks answer</h1>"]
    for name, told in notebooks.items():
        parts.append(f'<h2><a href="{escape(name)}">{escape(told.title)}</a></h2>')
        parts += [markdown2html(told.question), markdown2html(told.answer)]
    return _page("What the notebooks answer", "\n".join(parts))


def write_pages(folder: Path) -> list[Path]:
    """Run every notebook, write a page of each and an index into a folder, and return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    told = {f"{path.stem}.html": run(path) for path in sorted(NOTEBOOKS.glob("*.ipynb"))}
    pages = {"index.html": index(told)} | {name: page(one) for name, one in told.items()}
    for name, text in pages.items():
        (folder / name).write_text(text, encoding="utf-8")
    return [folder / name for name in pages]


def _outputs(notebook: nbformat.NotebookNode) -> Iterator[nbformat.NotebookNode]:
    for cell in notebook.cells:
        yield from (output for output in cell.get("outputs", ()) if "data" in output)


def _figure(drawn: dict) -> str:
    figure = plotly.io.from_json(json.dumps({"data": drawn["data"], "layout": drawn["layout"]}))
    return str(figure.to_html(full_html=False, include_plotlyjs=False, config={"displaylogo": False}))


def _page(title: str, body: str, *, figures: bool = False) -> str:
    # Once a page, so that each page can be sent alone.
    script = f"<script>{get_plotlyjs()}</script>" if figures else ""
    style = Path(__file__).with_suffix(".css").read_text(encoding="utf-8")
    return PAGE.substitute(security=SECURITY, title=escape(title), style=style, script=script, body=body)


def main() -> None:
    """Write the pages and say where."""
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH", "")]))
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "out/pages")
    written = write_pages(folder)
    sys.stdout.write(f"{folder}/index.html leads to {len(written) - 1} notebooks; all open without network\n")


if __name__ == "__main__":
    main()
