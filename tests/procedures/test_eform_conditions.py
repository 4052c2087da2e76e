from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procedures.eforms.conditions import (
    COMPARISONS,
    All,
    Always,
    Any_,
    Compare,
    Condition,
    Filled,
    Not,
    as_data,
    holds,
    names,
    settled,
)
from procedures.eforms.entries import Reader
from procedures.eforms.expressions import (
    ARGUMENTS,
    BIGGEST,
    OPERATIONS,
    FieldValue,
    Literal,
    Operation,
    Setting,
    Today,
    evaluate,
)
from procedures.eforms.logic import Known, read_condition, read_expression
from procedures.eforms.schema import Field, FieldType

TODAY = date(2026, 3, 2)
FIELDS = ["a", "b", "c", "rows"]

ANSWERS = st.dictionaries(
    st.sampled_from(FIELDS[:3]),
    st.none()
    | st.booleans()
    | st.integers(-50, 50)
    | st.sampled_from(["", "x", "y", "12.5", "2026-03-01", "0905"])
    | st.lists(st.sampled_from(["x", "y"]), max_size=2),
)
WITH_ROWS = st.builds(
    lambda answers, rows: {**answers, "rows": rows},
    ANSWERS,
    st.lists(st.fixed_dictionaries({"n": st.none() | st.integers(-9, 9)}), max_size=4),
)
VALUES = st.sampled_from([Decimal(0), Decimal(5), Decimal("12.5"), "x", "y", True, False, date(2026, 3, 1)])
SIDES = st.builds(Literal, VALUES) | st.builds(FieldValue, st.sampled_from(FIELDS[:3]))
LEAVES = (
    st.builds(Always, st.booleans())
    | st.builds(Filled, st.sampled_from(FIELDS), st.booleans())
    | st.builds(
        Compare,
        SIDES | st.just(Operation("count", (FieldValue("rows"),))),
        st.sampled_from(sorted(COMPARISONS)),
        st.tuples(SIDES),
    )
)
CONDITIONS: st.SearchStrategy[Condition] = st.recursive(
    LEAVES,
    lambda inner: (
        st.builds(Not, inner)
        | st.builds(All, st.lists(inner, max_size=3).map(tuple))
        | st.builds(Any_, st.lists(inner, max_size=3).map(tuple))
    ),
    max_leaves=8,
)


def expressions() -> st.SearchStrategy[Any]:
    leaves = (
        st.builds(Literal, st.decimals(-BIGGEST, BIGGEST, places=2))
        | st.builds(FieldValue, st.sampled_from([*FIELDS[:3], "rows.n"]))
        | st.just(Today())
        | st.just(Operation("count", (FieldValue("rows"),)))
    )
    names_of = sorted(set(OPERATIONS) - {"count"})
    return st.recursive(
        leaves,
        lambda inner: st.sampled_from(names_of).flatmap(
            lambda name: st.builds(
                Operation,
                st.just(name),
                st.lists(inner, min_size=ARGUMENTS.get(name, 1), max_size=ARGUMENTS.get(name, 3)).map(tuple),
            )
        ),
        max_leaves=8,
    )


def worked_out(raw: Any, **answers: Any) -> Any:
    return evaluate(read_expression(Reader(), raw, "", known()), Setting(answers, TODAY))


def known() -> Known:
    columns = (Field("n", "N", FieldType.INTEGER),)
    fields = [Field(name, name, FieldType.INTEGER) for name in "ab"]
    fields += [
        Field("ngay", "Ngày", FieldType.DATE),
        Field("chu", "Chữ", FieldType.TEXT, max_length=9),
        Field("rows", "Dòng", FieldType.REPEAT, fields=columns),
    ]
    return Known({one.name: one for one in fields})


@given(CONDITIONS, WITH_ROWS)
def test_not_turns_every_condition_round(condition: Condition, answers: dict[str, Any]):
    setting = Setting(answers, TODAY)

    assert holds(Not(condition), setting) is not holds(condition, setting)


@given(st.lists(CONDITIONS, max_size=4), WITH_ROWS)
def test_all_and_any_are_each_others_mirror(parts: list[Condition], answers: dict[str, Any]):
    setting = Setting(answers, TODAY)
    mirrored = Not(Any_(tuple(Not(part) for part in parts)))

    assert holds(All(tuple(parts)), setting) is holds(mirrored, setting)


@given(CONDITIONS, WITH_ROWS, st.sets(st.sampled_from(FIELDS)))
def test_what_is_settled_beforehand_changes_nothing(
    condition: Condition, answers: dict[str, Any], open_names: set[str]
):
    setting = Setting(answers, TODAY)
    left = settled(condition, setting, open_names=open_names)

    assert holds(left, setting) is holds(condition, setting)
    assert set(names(left)) <= set(names(condition))
    assert open_names & set(names(condition)) or isinstance(left, Always)


@given(CONDITIONS, WITH_ROWS)
def test_every_condition_can_go_to_the_page(condition: Condition, answers: dict[str, Any]):
    json.dumps(as_data(condition, Setting(answers, TODAY)), allow_nan=False)


@given(CONDITIONS)
def test_a_comparison_with_nothing_is_false(condition: Condition):
    if isinstance(condition, Compare) and isinstance(condition.left, FieldValue):
        assert not holds(condition, Setting({}, TODAY))


@given(expressions(), WITH_ROWS)
def test_every_expression_has_a_bounded_value_or_none(expression: Any, answers: dict[str, Any]):
    value = evaluate(expression, Setting(answers, TODAY))

    assert value is None or isinstance(value, Decimal | date | str | bool)
    if isinstance(value, Decimal):
        assert value.is_finite()


@given(st.lists(st.integers(-(10**6), 10**6), min_size=1, max_size=6))
def test_a_sum_over_rows_is_the_sum_of_the_rows(amounts: list[int]):
    rows = [{"n": amount} for amount in amounts]

    assert worked_out({"sum": [{"field": "rows.n"}]}, rows=rows) == sum(amounts)
    assert worked_out({"count": "rows"}, rows=rows) == len(amounts)
    assert worked_out({"min": [{"field": "rows.n"}]}, rows=rows) == min(amounts)
    assert worked_out({"max": [{"field": "rows.n"}, 0]}, rows=rows) == max(0, *amounts)


@given(st.integers(-1000, 1000), st.integers(-1000, 1000))
def test_the_operations_are_those_of_arithmetic(a: int, b: int):
    sides = [{"field": "a"}, {"field": "b"}]

    assert worked_out({"sum": sides}, a=a, b=b) == a + b
    assert worked_out({"difference": sides}, a=a, b=b) == a - b
    assert worked_out({"product": sides}, a=a, b=b) == a * b
    quotient = worked_out({"quotient": sides}, a=a, b=b)
    assert quotient is None if b == 0 else quotient == Decimal(a) / Decimal(b)


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.dates(date(1900, 1, 1), date(2100, 1, 1)))
def test_years_are_full_years(first: date, last: date):
    raw = {"years": [{"value": first.isoformat()}, {"value": last.isoformat()}]}
    years = worked_out(raw)

    if last < first:
        assert years is None
        return
    birthdays = [
        year for year in range(first.year + 1, last.year + 1) if (first.month, first.day) <= (12, 31)
    ]
    full = [year for year in birthdays if (year, first.month, first.day) <= (last.year, last.month, last.day)]
    assert years == len(full)


def test_age_is_counted_to_today():
    assert worked_out({"years": [{"field": "ngay"}, {"today": True}]}, ngay="2008-03-02") == 18
    assert worked_out({"years": [{"field": "ngay"}, {"today": True}]}, ngay="2008-03-03") == 17


def test_what_lacks_an_answer_has_no_value():
    assert worked_out({"product": [{"field": "a"}, {"field": "b"}]}, a=2) is None
    assert worked_out({"sum": [{"field": "a"}, {"field": "b"}]}, a=2) == 2
    assert worked_out({"sum": [{"field": "a"}]}) is None
    assert worked_out({"concat": [{"field": "chu"}, {"field": "a"}], "separator": "-"}, a=2) == "2"


def test_a_number_beyond_all_measure_has_no_value():
    assert worked_out({"product": [10**15, 10**15, 10**15]}) is None


def truth(raw: dict[str, Any], **answers: Any) -> bool:
    reader = Reader()
    condition = read_condition(reader, raw, "", known())
    assert reader.problems == {}
    return holds(condition, Setting(answers, TODAY))


@pytest.mark.parametrize(
    ("raw", "answers", "expected"),
    [
        ({"field": "a", "equals": 3}, {"a": 3}, True),
        ({"field": "a", "not_equals": 3}, {"a": 4}, True),
        ({"field": "a", "not_equals": 3}, {}, False),
        ({"not": {"field": "a", "equals": 3}}, {}, True),
        ({"field": "a", "in": [1, 3]}, {"a": 3}, True),
        ({"field": "a", "not_in": [1, 3]}, {"a": 3}, False),
        ({"field": "a", "greater": 3}, {"a": 3}, False),
        ({"field": "a", "at_least": 3}, {"a": 3}, True),
        ({"field": "a", "less": {"field": "b"}}, {"a": 3, "b": 4}, True),
        ({"field": "ngay", "at_most": {"today": True}}, {"ngay": "2026-03-02"}, True),
        ({"field": "ngay", "greater": "2026-03-01"}, {"ngay": "2026-03-02"}, True),
        ({"field": "chu", "filled": True}, {"chu": "x"}, True),
        ({"field": "rows", "filled": True}, {"rows": [{}]}, False),
        ({"field": "chu", "filled": False}, {}, True),
        ({"value_of": {"count": "rows"}, "greater": 1}, {"rows": [{"n": 1}, {"n": 2}]}, True),
        ({"any": [{"field": "a", "equals": 1}, {"field": "b", "equals": 1}]}, {"b": 1}, True),
        ({"all": [{"field": "a", "equals": 1}, {"field": "b", "equals": 1}]}, {"b": 1}, False),
    ],
)
def test_conditions_mean_what_they_say(raw: dict[str, Any], answers: dict[str, Any], expected: bool):
    assert truth(raw, **answers) is expected


def test_true_is_not_one():
    yes = Compare(FieldValue("a"), "equals", (Literal(True),))

    assert not holds(yes, Setting({"a": 1}, TODAY))
    assert holds(yes, Setting({"a": True}, TODAY))


@pytest.mark.parametrize(
    ("raw", "path"),
    [
        ("x", "when"),
        ({}, "when"),
        ({"field": "a"}, "when"),
        ({"field": "a", "equals": 1, "less": 2}, "when"),
        ({"field": "z", "equals": 1}, "when.field"),
        ({"field": "a", "equals": "ba"}, "when.equals"),
        ({"field": "a", "equals": True}, "when.equals"),
        ({"field": "ngay", "equals": "hôm qua"}, "when.equals"),
        ({"field": "chu", "greater": "x"}, "when.greater"),
        ({"field": "rows", "equals": "x"}, "when.equals"),
        ({"field": "a", "contains": 1}, "when.contains"),
        ({"field": "a", "in": []}, "when.in"),
        ({"field": "a", "in": [1, "x"]}, "when.in[1]"),
        ({"field": "a", "filled": "yes"}, "when.filled"),
        ({"all": []}, "when.all"),
        ({"any": [{"field": "a", "equals": 1}, {"not": 5}]}, "when.any[1].not"),
        ({"field": "a", "less": {"field": "z"}}, "when.less.field"),
        ({"field": "a", "less": {"sum": [{"field": "a"}], "separator": ","}}, "when.less.separator"),
        ({"value_of": {"count": "a"}, "greater": 1}, "when.value_of.count"),
        ({"value_of": {"years": [{"field": "ngay"}]}, "greater": 1}, "when.value_of.years"),
        ({"value_of": {"eval": "1"}, "greater": 1}, "when.value_of"),
        ({"value_of": {"sum": [{"field": "rows"}]}, "greater": 1}, "when.value_of.sum[0].field"),
    ],
)
def test_a_condition_that_makes_no_sense_is_refused_under_its_path(raw: Any, path: str):
    reader = Reader()
    read_condition(reader, raw, "when", known())

    assert list(reader.problems) == [path]


def test_conditions_do_not_nest_without_end():
    raw: dict[str, Any] = {"field": "a", "equals": 1}
    for _level in range(40):
        raw = {"not": raw}
    reader = Reader()
    read_condition(reader, raw, "when", known())

    assert len(reader.problems) == 1


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.floats(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["field", "equals", "all", "not", "in", "sum", "value", "filled"]),
            inner,
            max_size=3,
        )
    ),
    max_leaves=10,
)


@given(JSON)
def test_whatever_is_sent_as_logic_is_read_or_refused(raw: Any):
    reader = Reader()
    condition = read_condition(reader, raw, "when", known())
    expression = read_expression(reader, raw, "value", known())

    assert isinstance(holds(condition, Setting({}, TODAY)), bool)
    evaluate(expression, Setting({}, TODAY))
