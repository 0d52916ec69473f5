"""How does a view live on in a file, without a kernel and without a network? Its module, its state, a small model."""

from __future__ import annotations

import json
from base64 import b64encode
from html import escape
from typing import TYPE_CHECKING, Any

from workbench.widgets.scripts import asset, script, style

if TYPE_CHECKING:
    from workbench.widgets.views import View

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'unsafe-inline'; \
style-src 'unsafe-inline'; img-src data:">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark; }}
body {{ margin: 0; background: #ffffff; }}
@media (prefers-color-scheme: dark) {{ body {{ background: #111418; }} }}
main {{ max-width: 1400px; margin: 0 auto; padding: 8px; }}
</style>
</head>
<body>
<main>
{inside}
</main>
</body>
</html>
"""
_VIEW = """<style>{style}</style>
<div id="{id}">{still}</div>
<script type="application/json" id="{id}-state">{state}</script>
<script type="module">
{shim}
{script}
const place = document.getElementById("{id}");
const state = JSON.parse(document.getElementById("{id}-state").textContent);
const model = shim(state, globalThis.workbenchKernel);
(globalThis.workbenchModels ??= []).push(model);
view.render({{ model, el: place }});
</script>"""


def page(view: View) -> str:
    """Return a whole page that shows a view: it opens from a file, asks for nothing, and its text stays text."""
    return _PAGE.format(title=escape(view.title), inside=fragment(view))


def fragment(view: View) -> str:
    """Return a view for a page of others: its style, its place, its state and its module.

    Where the page has a function `workbenchKernel(kind, content, still)`, the view speaks to it as to a kernel.
    """
    own = view.view
    return _VIEW.format(
        style=style(own),
        id=f"wb-{view.still}",
        still=view.static_html(),
        state=_inert(_state(view)),
        shim=asset("shim.js"),
        script=script(own).replace("export default", "const view ="),
    )


def _state(view: View) -> str:
    traits: dict[str, Any] = {}
    data: dict[str, str] = {}
    for name, value in view.exported().items():
        if isinstance(value, bytes):
            data[name] = b64encode(value).decode("ascii")
        else:
            traits[name] = value
    return json.dumps({"traits": traits, "bytes": data}, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def _inert(text: str) -> str:
    """Return JSON in which nothing can end or open an element, or break a line of a script."""
    marks = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
    text = "".join(marks.get(c, c) for c in text)
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
