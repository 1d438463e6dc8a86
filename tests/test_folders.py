"""A folder for each run, whoever else begins one at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from runner.folders import RUNS, STORE, claim, from_home, home_of, of_now, remove_unused


def test_whoever_asks_at_once_is_given_a_folder_of_their_own(tmp_path: Path) -> None:
    wanted = tmp_path / "runs" / "glass" / "now"
    wanted.mkdir(parents=True)  # as Hydra makes it, for all of them
    with ThreadPoolExecutor(8) as pool:
        given = list(pool.map(lambda _: claim(wanted, "evaluations"), range(24)))
    assert {folder.name for folder in given} == {"now", *(f"now-{number}" for number in range(2, 25))}
    assert all((folder / "evaluations").is_dir() for folder in given)


def test_folders_sort_as_they_began(tmp_path: Path) -> None:
    now = of_now(tmp_path)
    moment = datetime.strptime(now.name, "%Y-%m-%d_%H-%M-%S")
    later = f"{moment + timedelta(seconds=1):%Y-%m-%d_%H-%M-%S}"
    names = [claim(now).name, claim(now).name, claim(tmp_path / later).name]
    assert names == sorted(names)


def test_only_a_folder_that_was_not_used_is_given_back(tmp_path: Path) -> None:
    home = tmp_path / "runs" / "glass"
    used, unused = claim(home / "used", "evaluations"), claim(home / "unused", "evaluations")
    (used / "outbox.jsonl").write_text("{}")
    for folder in (used, unused):
        remove_unused(folder, home)
    assert list(home.iterdir()) == [used]
    assert claim(home / "used", "evaluations") != used
    (used / "outbox.jsonl").unlink()
    remove_unused(used)
    assert not used.exists()


def test_the_home_of_a_run_is_where_it_is_and_not_where_one_goes_on_with_it(tmp_path: Path) -> None:
    (tmp_path / "results").mkdir()
    (tmp_path / "results" / STORE).touch()
    assert home_of(tmp_path / "runs" / "glass" / "now") == tmp_path.resolve() / "runs"
    assert home_of(tmp_path / "results" / "glass" / "now") == tmp_path.resolve() / "results"
    assert home_of(tmp_path / "of my own") == RUNS


def test_a_tilde_is_the_home_folder_or_begins_a_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert from_home("~/prior.json") == tmp_path / "prior.json"
    assert from_home("~$sales.csv") == Path("~$sales.csv")  # pathlib would look for a user of this name
