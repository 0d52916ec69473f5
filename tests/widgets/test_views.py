"""What holds for every view: small scripts without addresses, answers to its browser, threads, export, the wheel."""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from pathlib import Path
from threading import Thread

import pytest

import workbench as wb
from workbench.widgets import View
from workbench.widgets.scripts import script, style

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "workbench" / "widgets" / "static"
VIEWS = sorted(path.stem for path in STATIC.glob("*.js") if path.stem not in {"core", "shim"})
NAMESPACE = "http://www.w3.org/2000/svg"  # names SVG; nothing is fetched from it


@pytest.fixture(scope="module")
def log(sample_events) -> wb.EventLog:
    return wb.read_events(sample_events / "shop.ndjson")


class Echo(View, view="travel"):
    """Answers with what it was asked."""

    def answer(self, request):
        return {"echo": request, "events": len(self._log.of("Order", 42).events)}


def asked(view: View, request: dict) -> dict:
    """Ask a view as its browser does; return its answer."""
    sent = []
    view.send = lambda content, **_: sent.append(content)
    message = {"content": {"data": {"method": "custom", "content": {"ask": "1", "request": request}}}, "buffers": []}
    view._handle_msg(message)
    (answer,) = sent
    assert answer.pop("answer") == "1"
    return answer


@pytest.mark.parametrize("view", VIEWS)
def test_scripts_are_small_and_free_of_addresses(view: str):
    text = script(view)
    assert len(text.encode()) < 60_000
    assert len(style(view).encode()) < 30_000
    assert not re.search(r"https?:|//\w+\.\w|@import|\bimport\b|url\((?!#)", text.replace(NAMESPACE, ""))
    assert not re.search(r"https?:|@import|url\(", style(view))
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function", text)
    assert text.rstrip().endswith("export default { render };")


def test_all_scripts_are_in_the_wheel(tmp_path: Path):
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    if subprocess.run([sys.executable, "-c", "import hatchling"], capture_output=True, check=False).returncode:
        pytest.skip("needs hatchling")
    subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    (wheel,) = tmp_path.glob("*.whl")
    held = set(zipfile.ZipFile(wheel).namelist())
    assert {f"workbench/widgets/static/{path.name}" for path in STATIC.iterdir()} - held == set()


def test_a_view_answers_its_browser(log):
    answer = asked(Echo(log), {"what": 1})
    assert answer == {"value": {"echo": {"what": 1}, "events": 4}}


def test_what_goes_wrong_is_an_answer_too(log):
    view = Echo(log)
    assert asked(view, {"choose": {"type": "Ordr"}}) == {
        "error": "no aggregate type named 'Ordr': did you mean 'Order'?"
    }
    view.answer = lambda _: 1 / 0
    told = []
    view.send = lambda content, **_: told.append(content)
    with pytest.raises(ZeroDivisionError):  # ipywidgets shows it in the notebook's log
        view._hear(view, {"ask": "2", "request": {}})
    assert told == [{"answer": "2", "error": "ZeroDivisionError: division by zero"}]


def test_its_browser_chooses(log):
    view = Echo(log)
    assert asked(view, {"choose": {"type": "Order", "transitions": [["confirmed", "cancelled"]]}})["value"]
    assert view.selection.transitions == (("confirmed", "cancelled"),)
    assert view.chosen["transitions"] == [["confirmed", "cancelled"]]


def test_it_can_be_moved_while_a_cell_runs(log):
    """Messages of a browser come in threads of their own, while the notebook asks its log something else."""
    view = Echo(log)
    wrong: list[BaseException] = []

    def move() -> None:
        try:
            for _ in range(15):
                assert asked(view, {})["value"]["events"] == 4
        except BaseException as error:
            wrong.append(error)
            raise

    thread = Thread(target=move)
    thread.start()
    for _ in range(30):
        assert wb.state_distribution(log).fetchall()
    thread.join()
    assert wrong == []


def test_beside_the_widget_stands_a_still_picture(log):
    data, _ = wb.widgets.time_travel(log, type="Order")._repr_mimebundle_()
    assert set(data) == {"text/plain", "text/html", "application/vnd.jupyter.widget-view+json"}
    assert "fulfilled" in data["text/html"]
    assert "<script" not in data["text/html"]


@pytest.mark.parametrize(
    ("name", "says"), [("page.txt", "should end in .html"), ("no/page.html", "there is no folder")]
)
def test_an_export_to_nowhere_is_refused_in_a_sentence(log, tmp_path: Path, name, says):
    with pytest.raises(wb.WorkbenchError, match=says):
        wb.widgets.time_travel(log, type="Order").export_html(tmp_path / name)
