"""The picture of the readable tree: grown again from its rules, it parts the rows as the tree did."""

import re
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner.candidates.pipeline import Candidate
from runner.candidates.rules import tree_rules
from runner.evaluation.evaluate import fit
from runner.report.page import render
from runner.report.pictures.branching import Branch, grown, listed, opposite
from runner.report.pictures.canvas import style
from runner.report.pictures.tree import MOST, readable_tree, tree_picture
from runner.rules import SETS, Condition, Rule, Rules, first_met
from runner.rules.rule_file import as_text, read_line

Made = dict[str, dict[str, Any]]
CELLS = pd.DataFrame({"n": [1.0, 2.0, 3.0, np.nan], "t": ["a", "b", "c", None]})
NUMBERS = st.builds(
    Condition, st.just("n"), st.sampled_from(["<", "<=", ">", ">="]), st.sampled_from("123"), st.booleans()
)
TEXTS = st.builds(Condition, st.just("t"), st.sampled_from(["==", "!="]), st.sampled_from("abc"))
LISTS = st.builds(
    Condition, st.just("t"), st.sampled_from(SETS), st.lists(st.sampled_from("abc"), min_size=1).map(tuple)
)


def tree_of(dataset: Any, depth: int) -> Rules:
    """Return the rules of a tree as the page has them: of lines that were written for people."""
    kind = "DecisionTreeClassifier" if dataset.classes else "DecisionTreeRegressor"
    params = {"max_depth": depth, "min_samples_leaf": 5}
    candidate = Candidate("tree", "tree", f"sklearn.tree.{kind}", "onehot", params)
    rules, _ = tree_rules(fit(candidate, dataset, 0), dataset.features, dataset.classes)
    return tuple(rule for line in as_text(rules) if (rule := read_line(line)))


def leaves(branch: Branch) -> list[Rule]:
    return [branch.rule] if branch.rule else [rule for each in branch.branches for rule in leaves(each)]


def followed(branch: Branch, cells: pd.DataFrame, here: Any, told: dict[int, str]) -> dict[int, str]:
    """Send rows down a tree, and return what the leaf says at which each comes to stand."""
    met = here & np.logical_and.reduce([c.holds(cells) for c in branch.conditions] or [np.ones(len(cells), bool)])
    if branch.rule:
        assert not set(np.flatnonzero(met)) & set(told)
        told |= dict.fromkeys(map(int, np.flatnonzero(met)), f"{branch.rule.then} {branch.rule.note}")
    for each in branch.branches:
        followed(each, cells, met, told)
    return told


@pytest.mark.parametrize(
    ("note", "told"), [("4 of 5 rows", "4 of 5"), ("12,191 of 45,336 rows", "45,336 rows"), ("5 rows", "5 rows")]
)
def test_a_leaf_says_how_many_of_its_rows_had_the_outcome_if_there_is_room(note: str, told: str) -> None:
    with style():
        lines = [f"if a <= 3 then 75% likely 1 ({note})", "if a > 3 then 1 (1 row)"]
        picture = tree_picture("tree", "A tree", lines)
    assert picture is not None
    assert f">{told}<" in picture.svg


@pytest.mark.parametrize(("name", "depth"), [("credit-g", 3), ("credit-g", 4), ("abalone", 4), ("bike-sharing", 3)])
def test_a_tree_grows_again_from_its_rules(shipped, name: str, depth: int) -> None:
    dataset = shipped(name, 800)
    rules = tree_of(dataset, depth)
    tree = grown(rules)
    assert tree is not None
    assert tuple(leaves(tree)) == rules

    def parts_in_two(branch: Branch) -> bool:
        return bool(branch.rule) or (len(branch.branches) == 2 and all(map(parts_in_two, branch.branches)))

    assert parts_in_two(tree)
    told = followed(tree, dataset.features, np.ones(len(dataset), bool), {})
    met = first_met(rules, dataset.features)
    assert told == {row: f"{rules[place].then} {rules[place].note}" for row, place in enumerate(met)}


@given(NUMBERS | TEXTS | LISTS)
def test_an_opposite_holds_where_the_condition_does_not(condition: Condition) -> None:
    other = np.logical_and.reduce([each.holds(CELLS) for each in opposite(condition)])
    assert (other == ~condition.holds(CELLS)).all()


@given(st.lists(st.lists(NUMBERS | TEXTS | LISTS, max_size=3).map(tuple), min_size=2, max_size=5))
def test_what_grows_says_what_the_rules_do_and_a_list_is_no_tree(conditions: list[tuple[Condition, ...]]) -> None:
    rules = [Rule(each, str(place), f"{place} rows") for place, each in enumerate(conditions)]
    tree = grown(rules)
    if tree is None:
        assert leaves(listed(rules)) == rules
        return
    met = first_met(tuple(rules), CELLS)
    told = followed(tree, CELLS, np.ones(len(CELLS), bool), {})
    assert told == {row: f"{place} {place} rows" for row, place in enumerate(met) if place >= 0}


@pytest.mark.parametrize("count", [3, 8, 15])
def test_a_chain_of_rules_is_drawn_however_long(count: int) -> None:
    before = [[f"x{place} > {place}.5" for place in range(end)] for end in range(count + 1)]
    ends = [*(f"x{place} <= {place}.5" for place in range(count)), ""]
    said = [" and ".join(filter(None, [*above, end])) for above, end in zip(before, ends, strict=True)]
    rules = [rule for conditions in said if (rule := read_line(f"if {conditions} then 60% likely 1 (10 rows)"))]
    tree = grown(rules)
    assert tree is not None
    assert (leaves(tree), tree.height) == (rules, count)
    assert tree_picture("tree", "A chain", as_text(tuple(rules))) is not None


def test_rules_that_part_in_many_ways_are_given_up_in_time() -> None:
    conditions = [f"a <= {9 - place} and b <= {9 - place} and c > {place}" for place in range(9)]
    rules = [rule for each in conditions if (rule := read_line(f"if {each} then 60% likely 1 (10 rows)"))]
    assert len(rules) == 9
    assert grown(rules) is None


def test_the_picture_shows_conditions_outcomes_and_rows(made: Made) -> None:
    html = render(made["told_all"])
    (svg,) = re.findall(r'<figure id="picture-tree">.*?</figure>', html, re.DOTALL)
    for said in ("all 20,000 rows", "age ≤ 30.5", "married = yes", "&lt;=50K · 95 %", "14,000 rows", "6,000 rows"):
        assert f">{said}</text>" in svg
    (svg,) = re.findall(r'<figure id="picture-today">.*?</figure>', html, re.DOTALL)
    assert all(f">{said}</text>" in svg for said in ("the first of these that holds", "age ≤ 25", "otherwise"))


@pytest.mark.parametrize("name", ["compas_screening_date", "MONTHLY_CHARGES", "a name of several words"])
def test_no_text_of_the_picture_lies_on_another(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[Any] = []
    monkeypatch.setattr("runner.report.pictures.canvas.picture", lambda figure, *_: drawn.append(figure))
    early, late = (f'({name} <= "2014-03-31 12:00" or missing)', f'{name} > "2014-03-31 12:00"')
    ends = [f"{early} and b <= 2", f"{early} and b > 2", late]
    with style():
        tree_picture("tree", "A tree", [f"if {end} then 60% likely 1 (4,343 rows)" for end in ends])
    drawn[0].draw_without_rendering()
    boxes = [text.get_window_extent() for text in drawn[0].axes[0].texts]
    assert not [pair for pair in combinations(boxes, 2) if _by(*pair)]


def _by(one: Any, other: Any) -> bool:
    """Whether two texts on one line have a place in common."""
    middle = (other.y0 + other.y1) / 2
    return one.y0 < middle < one.y1 and one.x0 < other.x1 and other.x0 < one.x1


def test_the_rules_that_were_kept_are_those_that_are_shown(made: Made) -> None:
    kept = {"file": "rules.yaml", "tree": "stump", "rows": 700, "lines": ["if a <= 1 then x (3 rows)"] * 2}
    found = readable_tree(made["go"] | {"readable": kept})
    assert found is not None
    assert (found["rules"], found["rows"]) == (kept["lines"], 700)
    found = readable_tree(made["go"] | {"readable": kept | {"tree": "another"}})
    assert found is not None
    assert found["rows"] is None


def test_what_cannot_be_drawn_is_left_out() -> None:
    with style():
        assert tree_picture("tree", "t", ["if a <= 1 then 3 (4 rows)"]) is None
        assert tree_picture("tree", "t", ["if a <= 1 then 3 (4 rows)", "what a rule is not"]) is None
        assert tree_picture("tree", "t", [f"if a == {i} then 3 (4 rows)" for i in range(MOST + 1)]) is None
        assert tree_picture("tree", "t", ["if a <= 1 then -3.5 (4 rows)", "if a > 1 then 2 (4 rows)"])
