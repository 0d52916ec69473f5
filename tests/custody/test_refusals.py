"""A question that cannot be handed on is refused in one sentence."""

import pytest

import workbench as wb


@pytest.mark.parametrize(
    ("question", "values", "said"),
    [
        ("of_machine", {}, "did you mean 'off_machine'"),
        ("funnel", {}, "funnel needs steps"),
        ("funnel", {"stepps": ["a"]}, "did you mean 'steps'"),
        ("off_machine", {}, "off_machine needs machines"),
        ("why", {"type": "Order", "id": "Z-9"}, "Z-9"),
        ("why", {"type": "Order"}, "why needs id"),
        ("discover", {}, "no question named 'discover'"),
    ],
)
def test_a_wrong_question_is_one_sentence(log, tmp_path, question, values, said):
    with pytest.raises(wb.WorkbenchError, match=said):
        wb.evidence(log, question, tmp_path / "e.zip", **values)
    assert not (tmp_path / "e.zip").exists()


def test_it_is_never_written_over_a_file_nor_into_nowhere(log, tmp_path):
    there = tmp_path / "there.zip"
    there.write_text("mine")
    with pytest.raises(wb.SourceError, match="is there already"):
        wb.evidence(log, "quality", there)
    assert there.read_text() == "mine"
    with pytest.raises(wb.SourceError, match="there is no folder"):
        wb.evidence(log, "quality", tmp_path / "no" / "e.zip")


def test_parts_of_another_log_are_refused(log, tmp_path):
    with pytest.raises(wb.LogError, match="rests on one part"):
        wb.evidence(log, "compare_transitions", tmp_path / "e.zip", a=log.of("Order"), b=log.of("Order"))


def test_functions_cannot_be_handed_on(log, tmp_path):
    with pytest.raises(wb.LogError, match="declare reducers in the mapping"):
        wb.evidence(log, "attributes_at", tmp_path / "e.zip", reducers={"model_created": lambda *_: {}})


def test_a_machine_file_that_is_gone_is_said(log, machines, tmp_path):
    (tmp_path / "order.yaml").unlink()
    with pytest.raises(wb.SourceError, match="is not there any more"):
        wb.evidence(log, "off_machine", tmp_path / "e.zip", machines=machines)
    assert not (tmp_path / "e.zip").exists()
