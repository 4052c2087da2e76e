"""Entries of one document taken into another, one by one."""

from __future__ import annotations

import copy
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from procedures.document import differences, taken
from procedures.document.merging import ORDER

ROW = st.fixed_dictionaries(
    {"name": st.sampled_from(["Đơn", "Sơ đồ", "Ảnh", ""]), "originals": st.integers(0, 2)}
)
PART = st.fixed_dictionaries(
    {
        "name": st.sampled_from(["A", "B"]),
        "levels": st.lists(st.sampled_from(["commune", "province"]), unique=True),
        "decision": st.fixed_dictionaries({"number": st.sampled_from(["", "1/QĐ", "2/QĐ"])}),
        "papers": st.lists(ROW, max_size=5),
    }
)


@given(PART, PART)
def test_nothing_taken_changes_nothing_and_all_taken_makes_the_other(left: Any, right: Any):
    before = copy.deepcopy((left, right))

    assert taken(left, right, lambda _key: False) == left
    assert taken(left, right, lambda _key: True) == right
    assert (left, right) == before


DISTINCT = st.builds(
    lambda part, papers: {**part, "papers": papers},
    PART,
    st.lists(ROW, max_size=4, unique_by=lambda row: row["name"]),
)
"""Rows of one name are told apart by their number only, so that the second becomes the first when that goes."""


@given(DISTINCT, DISTINCT, st.data())
def test_what_was_taken_no_longer_differs_and_nothing_else_was_touched(left: Any, right: Any, data: Any):
    keys = sorted({one.key for one in differences(left, right)})
    wanted = set(data.draw(st.lists(st.sampled_from(keys), unique=True))) if keys else set()

    result = taken(left, right, lambda key: key in wanted)

    still = {one.key for one in differences(result, right)}
    assert not {key for key in still & wanted if key[-1] != ORDER}
    assert {key for key in still if key[-1] != ORDER} <= set(keys) - wanted


def test_an_added_row_stands_behind_the_one_it_follows_there_and_own_rows_stay():
    left = {"papers": [{"name": "Đơn"}, {"name": "Của thành phố"}, {"name": "Ảnh"}]}
    right = {"papers": [{"name": "Đơn"}, {"name": "Mới"}, {"name": "Ảnh"}]}

    result = taken(left, right, lambda key: key == ("papers", "Mới#0"))

    assert [row["name"] for row in result["papers"]] == ["Đơn", "Mới", "Của thành phố", "Ảnh"]


def test_entries_of_which_the_other_does_not_speak_stay():
    left = {"results": [{"code": "KQ.1", "name": "Giấy phép", "template": {"title": "GIẤY PHÉP"}}]}
    right = {"results": [{"code": "KQ.2", "name": "Giấy phép"}]}

    assert taken(left, right, lambda _key: True)["results"] == [
        {"code": "KQ.2", "name": "Giấy phép", "template": {"title": "GIẤY PHÉP"}}
    ]
