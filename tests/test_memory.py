"""What a finished search leaves, and what is learned from it."""

import json
from pathlib import Path
from typing import Any

import pytest

from runner.commands.learn import main
from runner.errors import UserError
from runner.memory import MEMORY, remembered
from runner.prior import learned, past_searches
from runner.team import Remembered, accuracy


def write(folder: Path, number: int, gain: float) -> None:
    run = folder / f"table{number}" / "night"
    run.mkdir(parents=True)
    search = {"gain": gain, "standard_error": 0.005, "losses": [0.5, None, 0.45, 0.47]}
    (run / MEMORY).write_text(json.dumps({"schema_version": 1, "project": f"table{number}", "search": search}))


def test_a_finished_search_leaves_figures_and_no_values(finished: Any) -> None:
    content = json.loads((finished.folder / MEMORY).read_text())
    verdict = finished.content
    assert content["search"]["gain"] == pytest.approx(verdict["skill"]["estimate"])
    assert len(content["search"]["losses"]) == verdict["search"]["trials"]
    assert content["features"]["columns"] == content["features"]["numeric"] + content["features"]["other"]
    assert verdict["dataset"]["target"] not in json.dumps(content).split('"')
    assert remembered(content).standard_error > 0


def test_a_team_unlike_those_that_ship_gets_a_prior_of_its_own(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for number in range(8):
        write(tmp_path, number, 0.08 + 0.001 * number)
    out = tmp_path / "prior.json"
    assert main([str(tmp_path), "--out", str(out)]) == 0
    assert "your team's prior will speak" in capsys.readouterr().out
    past = past_searches(str(out))
    assert "of the team in 8 projects" in past.whose
    assert past.weights @ past.capped[:, 3] > past_searches().weights @ past_searches().capped[:, 3] + 0.01
    first = out.read_text()
    main([str(tmp_path), "--out", str(out)])
    assert out.read_text() == first


def test_where_it_forecasts_no_better_the_one_that_ships_speaks(tmp_path: Path) -> None:
    one = Remembered("a", 0.0, 0.01, (0.5, 0.4))
    out = tmp_path / "prior.json"
    out.write_text(json.dumps(learned([one], accuracy(past_searches(), [one]))))
    assert past_searches(str(out)) is not None
    assert past_searches(str(out)).whose == past_searches().whose


@pytest.mark.parametrize("text", [None, "", "{}", '{"schema_version": 9, "searches": []}'])
def test_a_prior_that_is_none_is_refused_in_one_sentence(tmp_path: Path, text: str | None) -> None:
    path = tmp_path / "prior.json"
    if text is not None:
        path.write_text(text)
    with pytest.raises(UserError, match="runner learn"):
        past_searches(str(path))


def test_without_a_search_there_is_nothing_to_learn(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="No finished search was found"):
        main([str(tmp_path), "--out", str(tmp_path / "prior.json")])
