import pytest

from workbench.lives.differences import differences


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ({"a": 1}, {"a": 1}, {}),
        ({"a": {"b": [1, 2]}}, {"a": {"b": [1, 3, 4]}}, {"a.b.1": (2, 3), "a.b.2": (None, 4)}),
        ({"a": {"b": 1}}, {"a": 5}, {"a": ({"b": 1}, 5)}),
        ({"a.b": 1, "": 2}, {"a.b": 2}, {'"a.b"': (1, 2), '""': (2, None)}),
        (None, {"a": 1}, {"": (None, {"a": 1})}),
        ({"a": 1}, {"a": 1.0}, {"a": (1, 1.0)}),
        ({"a": None}, {}, {}),
    ],
)
def test_what_two_values_do_not_share_is_told_by_path(old, new, expected):
    assert differences(old, new) == expected
