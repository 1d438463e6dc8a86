"""The front door as a process: exit codes, one line on stderr, nothing left behind, and a quick --help."""

import functools
import json
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from pathlib import Path

import pytest
from omegaconf import OmegaConf

from processes import SMALL, Command, Script, environment
from runner import __main__
from runner.folders import EVALUATIONS

EXAMPLE = Path(__file__).parents[1] / "docs" / "cookbook" / "credit-g"
HEAVY = ("sklearn", "pandas", "numpy", "scipy", "mlflow", "optuna", "lightgbm", "skrub", "hydra")
WRONG_CONFIG = {  # one for each way to find it; what each sentence says is tested without a process
    "no table": [],
    "misspelt table": ["dataset=glas"],
    "broken override": ["dataset=glass", "dataset.drop=[a"],
    "name that no folder can have": ["dataset=glass", "dataset.name=a/b"],
    "no such verdict to fail on": ["dataset=glass", "ci.fail_on=[no_go]"],
    "misspelt verb": ["predct", "runs", "new.csv", "out.csv"],
    "empty word": [""],
    "unknown long option": ["--hlp"],
    "unknown short option": ["-x"],
    "option without its value": ["--cfg"],
    "no such folder": ["--config-dir", "nowhere", "dataset=glass"],
    "one of several": ["-m", "dataset=glass,glas"],
}


@pytest.mark.parametrize("arguments", [*WRONG_CONFIG.values()], ids=[*WRONG_CONFIG])
def test_a_wrong_config_costs_one_line_and_leaves_nothing(
    command: Command, tmp_path: Path, arguments: list[str]
) -> None:
    done = command(*arguments)
    assert done.returncode == 2, done.stderr
    assert done.stderr.startswith("runner: ")
    assert done.stderr.count("\n") == 1
    assert done.stderr.endswith("\n")
    assert done.stdout == ""
    assert list(tmp_path.iterdir()) == []


def test_a_folder_for_runs_that_cannot_be_made_is_one_line(command: Command, tmp_path: Path) -> None:
    (tmp_path / "runs").write_text("in the way")
    done = command("dataset=glass")
    assert done.returncode == 2, done.stderr
    assert re.match("runner: 'runs(/glass.*)?' cannot be used", done.stderr)
    assert "give a folder that you may write to" in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_refused_run_removes_no_folder_of_the_user_s(command: Command, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    done = command("dataset=glass", "budget.seconds=-1", "hydra.run.dir=mine/run")
    assert done.returncode == 2, done.stderr
    assert [*tmp_path.rglob("*")] == [tmp_path / "mine"]


def test_a_run_that_is_interrupted_before_it_has_begun_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(_config: object) -> None:
        raise KeyboardInterrupt

    folder = tmp_path / "glass" / "now"
    (folder / EVALUATIONS).mkdir(parents=True)
    monkeypatch.setattr(__main__, "_folder", lambda: (folder, False))
    monkeypatch.setattr("runner.config.compose.typed", interrupted)
    with pytest.raises(KeyboardInterrupt):
        __main__._job(OmegaConf.create(), first=True)
    assert [*tmp_path.iterdir()] == []


def test_a_process_without_streams_is_given_some() -> None:
    code = (
        "import os, sys; from runner import __main__ as m; m._open_streams(); sys.stdout.isatty(); sys.exit(os.dup(0))"
    )
    closed = functools.partial(os.closerange, 0, 3)
    assert (
        subprocess.run([sys.executable, "-c", code], env=environment(), preexec_fn=closed, check=False).returncode == 3
    )


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_reader_that_has_gone_gets_no_traceback_and_a_full_disk_a_sentence(unbuffered: str) -> None:
    def help_to(stdout: int) -> subprocess.CompletedProcess[str]:
        own = environment() | {"PYTHONUNBUFFERED": unbuffered}
        command = [sys.executable, "-m", "runner", "--help"]
        return subprocess.run(command, env=own, stdout=stdout, stderr=subprocess.PIPE, text=True, check=False)

    reading, writing = os.pipe()
    os.close(reading)
    done = help_to(writing)
    os.close(writing)
    assert (done.returncode, done.stderr) == (1, "")
    if (full := Path("/dev/full")).exists():
        with full.open("w") as stdout:
            done = help_to(stdout.fileno())
        assert (done.returncode, done.stderr.count("\n")) == (2, 1)


def test_the_verdict_is_printed_where_the_width_is_not_known() -> None:
    command = [sys.executable, "-m", "runner", "reconsider", str(EXAMPLE)]
    done = subprocess.run(command, env=environment() | {"COLUMNS": "0"}, stdout=subprocess.PIPE, text=True, check=True)
    assert "GO" in done.stdout


def test_letters_that_the_encoding_lacks_stop_nothing(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("Größe,y\n" + "".join(f"{row},{row % 2}\n" for row in range(40)), encoding="utf-8")
    command = [sys.executable, "-m", "runner", "init", "t.csv", "--target", "Größe"]
    own = environment() | {"PYTHONIOENCODING": "ascii"}
    done = subprocess.run(command, env=own, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "Gr??e holds 40 different values" in done.stdout


@pytest.mark.slow
def test_wrong_data_cost_one_line_and_leave_nothing(command: Command, tmp_path: Path) -> None:
    done = command("dataset.path=my.csv", "dataset.target=y", "tracking=none", "budget=smoke")
    assert done.returncode == 2, done.stderr
    assert done.stderr.startswith("runner: ")
    assert done.stderr.count("\n") == 1
    assert done.stdout == ""
    assert list(tmp_path.iterdir()) == []


def test_help_tells_groups_and_verbs_and_exits_with_0(command: Command) -> None:
    done = command("--help")
    assert done.returncode == 0
    assert done.stderr == ""
    for word in ("dataset", "credit-g", "wine-quality-white", "budget", "smoke", "predict", "resume", "Exit code"):
        assert word in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 120


def test_the_version_is_that_of_the_package(command: Command) -> None:
    done = command("--version")
    assert (done.returncode, done.stdout) == (0, f"runner {version('baseline-first-runner')}\n")


def test_help_loads_nothing_heavy(script: Script) -> None:
    done = script(
        "import sys\n"
        "sys.argv = ['runner', '--help']\n"
        "from runner.__main__ import main\n"
        "import atexit\n"
        "atexit.register(lambda: print(','.join(sys.modules), file=sys.stderr))\n"
        "main()\n"
    )
    loaded = {name.partition(".")[0] for name in done.stderr.strip().split(",")}
    assert done.returncode == 0
    assert "runner" in loaded
    assert loaded.isdisjoint(HEAVY)


def test_a_misspelt_key_is_found_before_anything_heavy_is_loaded(script: Script) -> None:
    done = script(
        "import sys\n"
        "sys.argv = ['runner', 'dataset=glass', 'budget.secnds=3']\n"
        "from runner.__main__ import main\n"
        "import atexit\n"
        "atexit.register(lambda: print(','.join(sys.modules)))\n"
        "main()\n"
    )
    assert done.returncode == 2
    assert (done.stderr[:8], done.stderr.count("\n")) == ("runner: ", 1)
    loaded = {name.partition(".")[0] for name in done.stdout.strip().split(",")}
    assert loaded.isdisjoint({"sklearn", "pandas", "mlflow", "optuna", "lightgbm", "skrub"})


def test_the_end_does_not_take_apart_what_was_loaded(script: Script) -> None:
    done = script(
        "import atexit, os, sys\n"
        "sys.argv = ['runner', '--help']\n"
        "from runner.__main__ import main\n"
        "class Loaded:\n    def __del__(self, write=os.write):\n        write(2, b'taken apart')\n"
        "loaded = Loaded()\n"
        "atexit.register(print, 'cleared away')\n"
        "main()\n"
    )
    assert done.returncode == 0
    assert done.stdout.endswith("cleared away\n")
    assert done.stderr == ""


@pytest.mark.parametrize("verb", ["predict", "resume"])
def test_each_verb_has_help_of_its_own(command: Command, verb: str) -> None:
    done = command(verb, "--help")
    assert done.returncode == 0
    assert f"runner {verb}" in done.stdout


@pytest.mark.slow
def test_runs_get_a_folder_each_also_when_they_begin_in_one_second(command: Command, tmp_path: Path) -> None:
    clock = tmp_path / "own" / "clock" / "stands.yaml"  # as SMALL has a folder of configs, it is found by a path
    clock.parent.mkdir(parents=True)
    same = "${dataset.name}/now"
    clock.write_text(f"# @package hydra\nrun: {{dir: 'runs/{same}'}}\nsweep: {{subdir: '{same}'}}\n")
    given = [*SMALL, "ladder.rungs=[none,tree]", f"hydra.searchpath=['file://{clock.parents[1]}']", "+clock=stands"]
    with ThreadPoolExecutor() as pool:
        several = pool.submit(command, "-m", *given, "dataset=glass,blood-transfusion")
        one = pool.submit(command, *given, "dataset=glass")
    for done in (several.result(), one.result()):
        assert done.returncode == 0, done.stderr
    verdicts = sorted(tmp_path.glob("runs/*/*/verdict.json"))
    assert [path.parts[-3:-1] for path in verdicts] == [
        ("blood-transfusion", "now"),
        ("glass", "now"),
        ("glass", "now-2"),
    ]
    assert all(json.loads(path.read_text())["decision"] in ("GO", "NO-GO") for path in verdicts)


@pytest.mark.slow
def test_one_of_several_that_is_wrong_does_not_stop_the_others(command: Command, tmp_path: Path) -> None:
    done = command("-m", *SMALL, "dataset=glass", "dataset.target=Tpye,Bla")
    assert done.returncode == 2
    first, second = done.stderr.splitlines()
    assert "'Tpye'" in first
    assert "'Bla'" in second
    assert list(tmp_path.iterdir()) == []


def test_options_may_stand_between_overrides(command: Command) -> None:
    done = command("dataset=glass", "--cfg", "job", "budget=smoke")
    assert done.returncode == 0, done.stderr
    assert "name: smoke" in done.stdout


@pytest.mark.slow
def test_ones_own_ladder_and_table_come_from_a_folder_of_ones_own(command: Command, tmp_path: Path) -> None:
    import numpy as np
    import pandas as pd

    random = np.random.default_rng(0)
    x = random.normal(size=(150, 2))
    pd.DataFrame({"a": x[:, 0], "b": x[:, 1], "y": x[:, 0] + 0.1 * x[:, 1]}).to_csv(tmp_path / "mine.csv", index=False)
    own = tmp_path / "own"
    (own / "dataset").mkdir(parents=True)
    (own / "ladder").mkdir()
    (own / "dataset" / "mine.yaml").write_text(f"name: mine\npath: {tmp_path / 'mine.csv'}\ntarget: y\n")
    (own / "ladder" / "lasso.yaml").write_text(
        "rungs: [none, lasso]\n"
        "candidates:\n"
        "  mean: {rung: none, regressor: sklearn.dummy.DummyRegressor, preparation: none}\n"
        "  lasso: {rung: lasso, regressor: sklearn.linear_model.LassoCV}\n"
    )
    # the machine may be busy
    budget = ("budget=smoke", "budget.seconds=150", "budget.fit_seconds=100", "evaluation.design=holdout")
    done = command("--config-dir", str(own), "dataset=mine", "ladder=lasso", "tracking=none", *budget)
    assert done.returncode == 0, done.stderr
    (path,) = tmp_path.glob("runs/mine/*/verdict.json")
    verdict = json.loads(path.read_text())
    assert [candidate["name"] for candidate in verdict["candidates"]] == ["mean", "lasso"]
    assert verdict["cheap_champion"] == "lasso"
    assert verdict["command"].startswith("python -m runner --config-dir own dataset=mine ladder=lasso ")
    assert (path.parent / "config.yaml").read_text().startswith(f"# {verdict['command']}\n")
    assert verdict["decision"] == "NO-GO"
