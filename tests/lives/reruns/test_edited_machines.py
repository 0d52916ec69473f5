"""What would have become of five orders under an edited machine."""

from __future__ import annotations

import pytest
from five_orders import NEW, OLD, told

import workbench as wb
from workbench.errors import InstantError, LogError, MachineError, UnknownNameError


def test_refused_moves_are_counted_before_and_after(orders, versions):
    old, new = versions
    answer = wb.what_if(orders, machine=new, instead_of=old)
    # refused now: both holds, and the release that is asked from pending, where its order stayed
    assert {name: answer.counts[name] for name in ("lives", "after", "refused_before", "refused_after")} == {
        "lives": 5, "after": 14, "refused_before": 1, "refused_after": 3,
    }  # fmt: skip
    assert (answer.counts["newly_refused"], answer.counts["newly_allowed"], answer.counts["guarded"]) == (3, 1, 2)
    assert answer.sentences == (
        "Under the new machine 3 of 14 moves would have been refused; 1 order now sits in a state it lacks.",
        "Under the old machine it is 1 of 14: 3 newly refused, 1 newly allowed.",
        "3 of 5 lives would part from what they were; 2 would end in another state.",
        "2 of the moves allowed hang on a guard; guards are not evaluated.",
    )


def test_each_move_says_what_both_machines_answer(orders, versions):
    old, new = versions
    moves = wb.what_if(orders, machine=new, instead_of=old).moves
    assert moves.columns == [
        "type", "transition", "from_state", "to_state", "aggregates", "before", "after", "refused_before",
        "refused_after", "newly_refused", "newly_allowed", "elsewhere", "guarded",
    ]  # fmt: skip
    assert [row[2:10] for row in told(moves)] == [
        ("pending", "on_hold", 2, 2, 2, 0, 2, 2),
        ("on_hold", "pending", 1, 1, 1, 0, 1, 1),
        ("pending", "fulfilled", 1, 1, 1, 1, 0, 0),
        (None, "pending", 5, 5, 5, 0, 0, 0),
        ("pending", "confirmed", 2, 2, 2, 0, 0, 0),
        ("confirmed", "confirmed", 1, 1, 1, 0, 0, 0),
        ("confirmed", "fulfilled", 1, 1, 1, 0, 0, 0),
        ("pending", "cancelled", 1, 1, 1, 0, 0, 0),
    ]


def test_each_life_says_where_it_parts_first_and_where_it_ends(orders, versions):
    old, new = versions
    lives = wb.what_if(orders, machine=new, instead_of=old).lives
    assert lives.select(
        "aggregate_id, place, from_state, to_state, before, after, refused_before, refused_after, state_before, "
        "state_after"
    ).fetchall() == [
        ("2", 2, "pending", "fulfilled", "pending", "fulfilled", 1, 0, "pending", "fulfilled"),
        ("4", 1, "pending", "on_hold", "on_hold", "pending", 0, 2, "cancelled", "cancelled"),
        ("5", 2, "pending", "on_hold", "on_hold", "pending", 0, 1, "on_hold", "pending"),
    ]


def test_populations_at_the_end_and_over_time(orders, versions):
    old, new = versions
    answer = wb.what_if(orders, machine=new, instead_of=old)
    assert told(answer.populations) == [
        ("Order", "cancelled", 1, 1, 0), ("Order", "confirmed", 1, 1, 0), ("Order", "fulfilled", 1, 2, 1),
        ("Order", "on_hold", 1, 0, -1), ("Order", "pending", 1, 1, 0),
    ]  # fmt: skip
    week = [row for row in told(answer.over_time("1 day")) if str(row[1]) == "2026-01-07 00:00:00"]
    assert [row[2:] for row in week] == [
        ("confirmed", 2, 2, 0), ("fulfilled", 0, 1, 1), ("on_hold", 2, 0, -2), ("pending", 1, 2, 1),
    ]  # fmt: skip


def test_stranded_aggregates_come_with_the_sql_that_lists_them(orders, versions):
    answer = wb.what_if(orders, machine=versions[1])
    assert told(answer.stranded) == [("Order", "on_hold", 1, None, "SELECT id FROM orders WHERE status = 'on_hold'")]


def test_a_state_that_looks_renamed_is_suggested_and_renaming_frees_who_sat_there(orders, versions, tmp_path):
    old = versions[0]
    (tmp_path / "new.yaml").write_text(OLD.replace("on_hold", "review"), encoding="utf-8")
    new = wb.read_machines(tmp_path / "new.yaml")["OrderFlow"]
    assert told(wb.what_if(orders, machine=new, instead_of=old).stranded)[0][:4] == ("Order", "on_hold", 1, "review")
    renamed = wb.what_if(orders, machine=new, instead_of=old, rename={"on_hold": "review"})
    assert (renamed.counts["stranded"], renamed.counts["newly_refused"], renamed.counts["diverging"]) == (0, 0, 0)
    assert [row[1] for row in told(renamed.populations)] == [
        "cancelled", "confirmed", "fulfilled", "pending", "review",
    ]  # fmt: skip


def test_followed_history_stays_the_truth_and_moves_are_only_marked(orders, versions):
    old, new = versions
    answer = wb.what_if(orders, machine=new, instead_of=old, refused="follow")
    assert answer.counts["refused_after"] == 3
    assert answer.counts["ending_elsewhere"] == 0
    assert wb.conformance(orders, wb.Machines([new])).fetchall()[0][3:5] == (14, 3)


NAMED = """
1 1 model_created      2026-01-05T09:00 {"attributes": {"status": "pending"}}
2 1 state_transitioned 2026-01-05T10:00 {"from_state": "pending", "to_state": "confirmed", "transition": "confirm"}
3 1 state_transitioned 2026-01-06T10:00 {"from_state": "confirmed", "to_state": "fulfilled", "transition": "fulfil"}
"""
LEADS_ELSEWHERE = OLD.replace("from: pending, to: confirmed", "from: pending, to: on_hold")


def read_text(text: str, tmp_path) -> wb.Machine:
    (tmp_path / "machine.yaml").write_text(text, encoding="utf-8")
    return wb.read_machines(tmp_path / "machine.yaml")["OrderFlow"]


def test_a_recorded_transition_is_asked_by_its_name_and_goes_where_the_machine_leads_it(read, tmp_path):
    answer = wb.what_if(read(NAMED), machine=read_text(LEADS_ELSEWHERE, tmp_path))
    # confirm leads to on_hold now, and no fulfil leaves on_hold
    assert (answer.counts["refused_after"], answer.counts["elsewhere"]) == (1, 1)
    assert told(answer.lives.select("place, before, after, state_before, state_after")) == [
        (2, "confirmed", "on_hold", "fulfilled", "on_hold")
    ]
    followed = wb.what_if(read(NAMED), machine=read_text(LEADS_ELSEWHERE, tmp_path), refused="follow")
    assert (followed.counts["refused_after"], followed.counts["elsewhere"]) == (1, 1)


def test_a_renamed_transition_is_asked_by_its_new_name(read, tmp_path):
    new = read_text(OLD.replace("fulfil,", "deliver,"), tmp_path)
    assert wb.what_if(read(NAMED), machine=new).counts["refused_after"] == 1
    assert wb.what_if(read(NAMED), machine=new, rename={"fulfil": "deliver"}).counts["refused_after"] == 0


def test_what_is_perhaps_only_renamed_is_suggested_until_it_is_said(read, tmp_path, versions):
    text = OLD.replace("fulfilled", "shipped").replace("fulfil,", "ship,")
    old, new = versions[0], read_text(text, tmp_path)
    answer = wb.what_if(read(NAMED), machine=new, instead_of=old)
    assert (answer.counts["stranded"], answer.suggested) == (1, {"fulfilled": "shipped", "fulfil": "ship"})
    half = wb.what_if(read(NAMED), machine=new, instead_of=old, rename={"fulfilled": "shipped"})
    assert (half.counts["refused_after"], half.suggested) == (1, {"fulfil": "ship"})
    whole = wb.what_if(read(NAMED), machine=new, instead_of=old, rename=answer.suggested)
    assert (whole.counts["refused_after"], whole.counts["diverging"], whole.suggested) == (0, 0, {})


def test_a_machine_without_names_is_asked_by_the_states_a_move_joins(read, tmp_path):
    package = """
state_machine:
  name: OrderFlow
  model: App\\Models\\Order
  field: status
  initial: pending
  states: [pending, confirmed, fulfilled]
  transitions:
    - {from: pending, to: confirmed}
"""
    assert wb.what_if(read(NAMED), machine=read_text(package, tmp_path)).counts["refused_after"] == 1


def test_a_diff_says_what_changed_and_what_it_means_for_the_log(orders, versions):
    old, new = versions
    found = wb.diff(old, new, log=orders)
    assert found.history.counts == wb.what_if(orders, machine=new, instead_of=old).counts
    assert found.sentences[0].startswith("Under the new machine 3 of 14 moves")
    assert "OrderFlow: state 'on_hold' is gone" in found.sentences
    assert (found.same, wb.diff(old, old).same) == (False, True)
    assert "Under the new machine" in found._repr_html_()
    assert wb.diff(wb.Machines([old]), wb.Machines()).removed == ("OrderFlow",)
    with pytest.raises(UnknownNameError, match=r"named 'onhold'.*did you mean 'on_hold'"):
        wb.diff(old, new, rename={"onhold": "pending"})


def test_the_answer_shows_itself_escaped(read, tmp_path):
    hostile = read(NAMED.replace("fulfilled", "<b>'x'\\\\</b>"))
    answer = wb.what_if(hostile, machine=read_text(NEW, tmp_path))
    assert told(answer.stranded.select("sql")) == [("SELECT id FROM orders WHERE status = '<b>''x''\\\\</b>'",)]
    assert repr(answer).startswith("<WhatIf: Under the new machine none of 3 moves would have been refused;")
    assert "<b>" not in answer._repr_html_()
    assert "&lt;b&gt;" in answer._repr_html_()


def test_an_empty_log_has_nothing_to_refuse(orders, versions):
    answer = wb.what_if(orders.until("2020-01-01"), machine=versions[1])
    assert answer.sentence == (
        "Under the new machine none of 0 moves would have been refused; no aggregate sits in a state it lacks."
    )
    assert told(answer.moves) + told(answer.lives) + told(answer.over_time()) == []


def test_a_machine_that_nobody_belongs_to_says_how_to_match_it(orders, tmp_path):
    (tmp_path / "new.yaml").write_text(NEW.replace("Models\\Order", "Models\\Basket"), encoding="utf-8")
    basket = wb.read_machines(tmp_path)
    with pytest.raises(MachineError, match=r"no machine matched: the log has Order.*match=\{'Order': 'OrderFlow'\}"):
        wb.what_if(orders, machine=basket)
    assert wb.what_if(orders, machine=basket, match={"Order": "OrderFlow"}).counts["refused_after"] == 3
    with pytest.raises(UnknownNameError, match="did you mean 'Order'"):
        wb.what_if(orders, machine=basket, match={"Ordr": "OrderFlow"})


def test_wrong_names_say_the_nearest(orders, versions):
    new = versions[1]
    with pytest.raises(UnknownNameError, match=r"no state or transition named 'onhold'.*did you mean 'on_hold'"):
        wb.what_if(orders, machine=new, rename={"onhold": "pending"})
    with pytest.raises(UnknownNameError, match=r"named 'pendng'.*new machine.*did you mean 'pending'"):
        wb.what_if(orders, machine=new, rename={"on_hold": "pendng"})
    with pytest.raises(MachineError, match=r"takes a machine or what .* returns, not str"):
        wb.what_if(orders, machine="machines/order.yaml")
    with pytest.raises(LogError, match="neither 'stay' nor 'follow'"):
        wb.what_if(orders, machine=new, refused="skip")
    with pytest.raises(LogError, match="what if what"):
        wb.what_if(orders)
    with pytest.raises(InstantError, match="no calendar step"):
        wb.what_if(orders, machine=new).over_time("fortnight")
