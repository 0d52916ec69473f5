"""Machines in a real browser: no name breaks a page, and Mermaid itself draws what we write."""

import pytest
from biting import BITING, biting

from workbench.machines import Machines
from workbench.machines.exchange import write_as

STRANGE = [*BITING, "<img src=x onerror=alert(1)>", "</svg><script>alert(1)</script>", "javascript:alert(1)"]
ACTIVE = "() => document.querySelectorAll('script, img, iframe, object, a, foreignObject, [onerror], [onload]').length"
TEXTS = "() => [...document.querySelectorAll('svg text')].map((text) => text.textContent)"


def spaced(text):
    return "".join(text.split())


def readable(name):
    """Tell whether a name is short, and of letters that every way to a page keeps."""
    return 0 < len(spaced(name)) < 20 and all(c.isprintable() for c in name)


def test_no_name_adds_anything_active_to_a_page(page):
    machines = [biting(name) for name in STRANGE]
    html = "".join(machine._repr_html_() for machine in machines) + Machines(machines)._repr_html_()
    page.set_content(f"<!doctype html><meta charset=utf-8><body>{html}</body>")
    assert page.evaluate(ACTIVE) == 0
    assert page.locator("body > div, body > style").count() == page.locator("body > *").count()
    assert (page.asked, page.errors) == ([], [])


def test_the_drawing_shows_each_name_as_it_is(page):
    for name in filter(readable, STRANGE):
        page.set_content(biting(name).svg())
        assert spaced(name) in {spaced(text) for text in page.evaluate(TEXTS)}, name
    assert (page.asked, page.errors) == ([], [])


DRAW = """async (text) => {
    const { svg } = await window.mermaid.render('drawn', text);
    document.body.innerHTML = svg;
    return [...document.querySelectorAll('.nodeLabel, .edgeLabel, text, tspan, p, span')].map((one) => one.textContent);
}"""


@pytest.mark.soak
def test_mermaid_itself_draws_each_name_as_it_is(page, npm):
    page.set_content("<!doctype html><meta charset=utf-8><body></body>")
    page.add_script_tag(path=npm / "node_modules" / "mermaid" / "dist" / "mermaid.min.js")
    page.evaluate("() => window.mermaid.initialize({startOnLoad: false, securityLevel: 'strict'})")
    for name in STRANGE:
        shown = {spaced(text) for text in page.evaluate(DRAW, write_as(biting(name), "mermaid").text)}
        if readable(name):
            assert spaced(name) in shown, name
        assert page.locator("body script, body img, body iframe, body a, body [onerror]").count() == 0, name
    assert (page.asked, page.errors) == ([], [])
