"""Rules in YAML: read, refused, and written such that they are read again as they were."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from runner.errors import UserError
from runner.rules import ORDERED, SETS, Condition, Rule
from runner.rules.rule_file import as_text, as_yaml, parse_conditions, parse_rules, read_line, read_rules, written

NAMES = st.text(min_size=1).filter(lambda name: not {"'", '"', "`"} <= set(name))
ONE = st.builds(Condition, NAMES, st.sampled_from(["==", "!=", *ORDERED]), NAMES, st.booleans())
MANY = st.builds(
    Condition, NAMES, st.sampled_from(SETS), st.lists(NAMES, min_size=1, max_size=3).map(tuple), st.booleans()
)
GAPS = st.builds(Condition, NAMES, st.just("is"), st.sampled_from(["missing", "known"]))


@given(st.lists(ONE | MANY | GAPS, min_size=1, max_size=4))
def test_what_was_written_is_read_again(conditions):
    text = " and ".join(written(condition) for condition in conditions)
    assert list(parse_conditions(text, "rule")) == conditions


@given(st.lists(ONE | MANY | GAPS, min_size=1, max_size=4), st.sampled_from(["70% likely good", "it's (so)", "1,200"]))
def test_a_line_for_people_is_read_again(conditions, outcome):
    rule = Rule(tuple(conditions), outcome, "1,200 rows")
    (line,) = as_text((rule,))
    said = read_line(line)
    assert as_text((said,)) == [line]
    assert [c.column for c in said.conditions] == [c.column for c in conditions]
    assert (said.then, said.note) == (outcome, "1,200 rows")


def test_what_takes_gaps_in_is_told_apart_from_what_follows():
    (rule,) = parse_rules([{"when": "a > 3 or missing and (b <= 2 or missing) and (c == x)", "then": 1}], "rules")
    assert as_text((rule,)) == ["if (a > 3 or missing) and (b <= 2 or missing) and c == x then 1"]
    assert read_line("the mean of its rows") is None
    assert read_line("if a then b") is None


@pytest.mark.parametrize(("levels", "told"), [(5, "t0, t1, t2, t3, t4"), (40, "t0, t1, t2, t3, +36 more")])
def test_a_line_names_the_first_of_many_levels_and_the_file_all(levels, told):
    rule = Rule((Condition("town", "in", tuple(f"t{n}" for n in range(levels))),), "good", "90 rows")
    (line,) = as_text((rule,))
    assert line == f"if town in [{told}] then good (90 rows)"
    assert as_text((read_line(line),)) == [line]
    assert parse_rules(yaml.safe_load(as_yaml((rule,))), "rules") == (rule,)


def test_rules_survive_yaml():
    rules = parse_rules(
        [
            {"when": "a <= 3 and b == 'x and y'", "then": {"good": 0.3, "bad": 0.7}, "note": "30 rows"},
            {"when": "é in [1, 'two, 3']", "then": "good"},
            {"otherwise": 1.5},
        ],
        "rules",
    )
    assert parse_rules(yaml.safe_load(as_yaml(rules)), "rules") == rules
    assert as_text(rules)[0] == 'if a <= 3 and b == "x and y" then 70% likely bad (30 rows)'
    assert as_text(rules)[2] == "otherwise 1.5"


@pytest.mark.parametrize(
    ("moment", "told"), [("2014-04-02T00:00:00", "2014-04-02"), ("2014-03-31T12:30:00", '"2014-03-31 12:30"')]
)
def test_a_line_tells_a_date_without_the_hour_where_it_is_a_day(moment, told):
    (line,) = as_text((Rule((Condition("day", "<=", moment),), "good", "90 rows"),))
    assert line == f"if day <= {told} then good (90 rows)"
    assert as_text((read_line(line),)) == [line]


@pytest.mark.parametrize(
    ("share", "told"), [(0.7, "70%"), (0.994, "99%"), (0.9985, "99.9%"), (0.99998, "99.998%"), (1.0, "100%")]
)
def test_a_share_is_all_only_where_it_is(share, told):
    (line,) = as_text((Rule((), (("0", share), ("1", 1 - share)), "900 rows"),))
    assert line == f"otherwise {told} likely 0 (900 rows)"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ({}, "must be a list of rules"),
        ([], "must be a list of rules"),
        (["a > 3"], "rule 1 is 'a > 3': give `when` and `then`"),
        ([{"when": "a > 3"}], "rule 1 lacks `then`"),
        ([{"then": 1}], "rule 1 lacks `when`"),
        ([{"wehn": "a > 3", "then": 1}], "has a key 'wehn': did you mean 'when'"),
        ([{"when": "a", "then": 1}], "'a' is not a condition: write COLUMN SIGN VALUE"),
        ([{"when": "a > ", "then": 1}], "is not a condition"),
        ([{"when": "a is old", "then": 1}], "write `is missing`, `is known`"),
        ([{"when": "a in b", "then": 1}], "write the values in brackets"),
        ([{"when": "a > 3", "then": {"x": 0.7, "y": 0.7}}], "give each class a probability"),
        ([{"when": "a > 3", "then": [1]}], "give a class, a number"),
        ([{"otherwise": 1}, {"when": "a > 3", "then": 1}], "rule 1 holds always"),
        ([{"otherwise": 1, "when": "a > 3"}], "make two rules of it"),
    ],
)
def test_what_is_no_rule_is_refused(content, sentence):
    with pytest.raises(UserError, match=sentence):
        parse_rules(content, "rules")


def test_a_file_that_is_none_is_one_sentence(tmp_path):
    with pytest.raises(UserError, match=r"cannot be read"):
        read_rules(tmp_path / "none.yaml")
    (tmp_path / "bad.yaml").write_text("- when: [")
    with pytest.raises(UserError, match=r"is not YAML"):
        read_rules(tmp_path / "bad.yaml")


def test_nothing_is_run():
    rules = parse_rules([{"when": "a == __import__('os').getcwd()", "then": "!!python/name:os"}], "rules")
    assert rules[0].conditions[0].value == "__import__('os').getcwd()"


@pytest.mark.parametrize(
    ("value", "shown"), [("20260131", "20260131"), ("1234567.9", "1234567.9"), ("0.09903371", "0.0990337")]
)
def test_all_digits_of_a_great_threshold_are_shown_as_of_a_date_in_figures(value: str, shown: str) -> None:
    (line,) = as_text((Rule((Condition("day", "<=", value),), 1.0, "9 rows"),))
    assert line == f"if day <= {shown} then 1 (9 rows)"


def test_outcomes_have_the_digits_that_tell_them_apart() -> None:
    rules = [Rule((), then, "9 rows") for then in (1e9 + 0.25, 1e9 + 1.5)]
    assert [line.split()[1] for line in as_text(tuple(rules))] == ["1,000,000,000.25", "1,000,000,001.5"]
