"""The command line: `python -m runner` runs the main job, and `python -m runner VERB` everything else."""

import argparse
import atexit
import os
import re
import shlex
import sys
from contextlib import suppress
from importlib import import_module, util
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from runner import lifeline
from runner.errors import UserError, exit_code_of, nearest, sentence_of
from runner.folders import EVALUATIONS, RUNS, claim, from_here, remove_unused, shipped
from runner.sources.dialect import OPTIONS

if TYPE_CHECKING:
    from omegaconf import DictConfig

HELP = """\
runner: is the costly model worth it? Climbs from no model to a costly search, and stops where it no longer pays.

Three ways to begin:
  python -m runner dataset=credit-g budget=quick             a table that ships
  python -m runner dataset.path=my.csv dataset.target=y      your own CSV or Parquet
  python -m runner -m dataset=adult,glass budget=smoke       several runs in a row

Config groups (GROUP=NAME), and single values (KEY=VALUE) below them:
{groups}
  Often wanted: evaluation.metric=average_precision  economics.worthwhile_gain=0.02  dataset.drop=[id]
                dataset.group=patient  dataset.time=date  budget.trials=20  seed=1  tracking=none
  Of your own:  --config-dir DIR adds a folder with the same groups.  --cfg job prints the composed config.

Verbs (python -m runner VERB --help tells more):
{verbs}

Results: runs/<dataset>/<time>/ (report.html, summary.md, verdict.json, model.pkl) and MLflow (make ui).
Exit code: 0 a verdict was reached, 1 the run failed, 2 the config or the data is wrong, 3 ci.fail_on or a suite's rule.
"""
HYDRA_OPTIONS = (
    "--help",
    "--hydra-help",
    "--cfg",
    "--resolve",
    "--package",
    "--run",
    "--multirun",
    "--shell-completion",
    "--config-path",
    "--config-name",
    "--config-dir",
    "--experimental-rerun",
    "--info",
)
ASKED = ("hydra.run.dir=", "hydra.sweep.subdir=")  # overrides with which the user chooses the folder


def main() -> None:
    """Run the main job or a verb, and exit with its code."""
    _open_streams()
    lifeline.follow()
    os.environ.setdefault("HYDRA_FULL_ERROR", "1")  # Hydra then raises errors rather than printing a page of text
    argparse.ArgumentParser.error = _refuse  # type: ignore[assignment, method-assign]  # the same for all parsers
    arguments = sys.argv[1:]
    try:
        code = exit_code_of(lambda: _do(arguments))
    except KeyboardInterrupt as stopped:  # which may tell how to go on
        way_on = str(stopped) or "what was finished is kept in the run's folder"
        print(f"runner: stopped; {way_on}.", file=sys.stderr)
        code = 130
    except BrokenPipeError:
        code = 1
    _leave(code)


def _open_streams() -> None:
    """Give a process that was started without its three streams, as by `>&-`, ones that lead nowhere."""
    while (unused := os.open(os.devnull, os.O_RDWR)) <= 2:  # else the next file that is opened would be taken for one
        pass
    os.close(unused)
    sys.stdout = sys.stdout or open(1, "w", closefd=False)  # noqa: SIM115
    sys.stderr = sys.stderr or open(2, "w", closefd=False)  # noqa: SIM115
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="replace")  # a character that the encoding lacks must not stop the run
    if os.environ.get("COLUMNS") == "0":  # a terminal whose width is not known: rich would print nothing
        del os.environ["COLUMNS"]


def _flush() -> int:
    """Write the rest of the output; drop it if the reader, such as `head`, has gone or the disk is full."""
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except BrokenPipeError:
        return 1
    return 0


def _leave(code: int) -> NoReturn:
    """End this process without taking apart what was loaded, which the system frees at once.

    Nearly all its pages are shared with the server of workers, and would be copied first.
    """
    atexit._run_exitfuncs()
    os._exit(max(code, exit_code_of(_flush)))


def _do(arguments: list[str]) -> int:
    if arguments[:1] in (["-h"], ["--help"]):
        return _help()
    if arguments == ["--version"]:
        return _version()
    if arguments and _is_verb(arguments[0]):
        return _verb(arguments[0], arguments[1:])
    return _climb()


def _verb(name: str, arguments: list[str]) -> int:
    """Run a verb; where an error names a config key for reading tables, name the verb's own option instead."""
    try:
        return int(import_module(f"runner.commands.{name}").main(arguments))
    except UserError as error:
        raise UserError(re.sub(rf"dataset\.({'|'.join((*OPTIONS, 'task'))})=", r"--\1 ", str(error))) from error


def _refuse(parser: argparse.ArgumentParser, message: str) -> None:
    verb = parser.prog.removeprefix("runner ")
    command = f"python -m runner {verb} --help" if _is_verb(verb) else "python -m runner --help"
    raise UserError(f"{message[:1].upper()}{message[1:]}: `{command}` lists what can be given.")


def _is_verb(word: str) -> bool:
    return word.isidentifier() and util.find_spec(f"runner.commands.{word}") is not None


def _climb() -> int:
    """Compose the config with Hydra and run the main job (several times with -m); return the worst exit code."""
    import hydra

    from runner.config import compose, overrides
    from runner.loading import one_thread

    _refuse_unknown_words(sys.argv[1:])
    sys.argv[1:] = sorted(overrides.applicable(sys.argv[1:]), key=_is_override)  # no option between two overrides
    compose.register()
    codes = [0]

    def job(composed: "DictConfig") -> None:  # a failure must not stop the other jobs of a multirun
        codes.append(_job(composed, first=len(codes) == 1))

    try:
        with one_thread():  # Hydra's plugins may load such libraries too
            hydra.main(version_base="1.3", config_path=str(shipped("conf")), config_name="config")(job)()
    except compose.FAULTS as error:
        raise UserError(compose.sentence(error)) from error
    except OSError as error:  # Hydra could not make the run's folder
        raise UserError(sentence_of(error)) from error
    finally:
        with suppress(OSError):  # the folder holds runs
            (RUNS / "multirun.yaml").unlink(missing_ok=True)  # written by Hydra
            RUNS.rmdir()
    return max(codes)


def _job(composed: "DictConfig", first: bool) -> int:
    """One run, in a folder of its own."""
    from hydra.core.hydra_config import HydraConfig
    from hydra.types import RunMode

    from runner import ci, engine
    from runner.config import compose
    from runner.loading import uncollected

    folder, asked = _folder()

    def work() -> int:
        config = compose.typed(composed)
        ci.check_fail_on(config.ci.fail_on)
        with uncollected():
            from runner.clock import process_age
            from runner.session import run_and_show

        engine.warm(fork=first)  # later, this process has held a table
        spent = process_age() if first else 0.0
        content = run_and_show(config, folder, _command(), spent, is_last=HydraConfig.get().mode is RunMode.RUN)
        return ci.exit_code(content, config.ci.fail_on)

    try:
        return exit_code_of(work, folder)
    finally:
        remove_unused(folder, *([] if asked else [folder.parent]))  # Hydra made it before the config could be checked


def _folder() -> tuple[Path, bool]:
    """Return the folder that the user asked for, which may hold a run to go on with; else one for this run alone."""
    from hydra.core.hydra_config import HydraConfig

    hydra = HydraConfig.get()
    folder = Path(hydra.runtime.output_dir)
    asked = any(word.lstrip("+").startswith(ASKED) for word in hydra.overrides.hydra)
    return folder if asked else claim(folder, EVALUATIONS), asked


def _command() -> str:
    """Return the command that repeats this run, with the user's config folder; of a multirun, this run alone."""
    from hydra.core.hydra_config import HydraConfig

    from runner.config.overrides import for_shell

    hydra = HydraConfig.get()
    folders = [Path(source.path) for source in hydra.runtime.config_sources if source.provider == "command-line"]
    options = [word for path in folders for word in ("--config-dir", str(from_here(path)))]
    return " ".join([shlex.join(["python", "-m", "runner", *options]), *map(for_shell, hydra.overrides.task)])


def _refuse_unknown_words(arguments: list[str]) -> None:
    """Refuse words such as in `python -m runner foo`, which Hydra would take for broken overrides."""
    for position, word in enumerate(arguments):
        if word.startswith("--") and word.partition("=")[0] not in HYDRA_OPTIONS:
            raise UserError(f"There is no option {word!r}: {nearest(word, HYDRA_OPTIONS)}")
        follows_option = position > 0 and arguments[position - 1].startswith("-")
        if "=" not in word and not word.startswith(("-", "~", "+")) and not follows_option:
            own = f"for a table of your own, give dataset.path={word} dataset.target=COLUMN."
            hint = own if Path(word).is_file() else nearest(word, [name for name, _ in _verbs()])
            raise UserError(f"{word!r} is neither a verb nor KEY=VALUE: {hint}")


def _is_override(word: str) -> bool:
    return not word.startswith("-") and ("=" in word or word.startswith(("~", "+")))


def _help() -> int:
    """Print the groups with their options, and the verbs, without loading any of them."""
    groups = []
    for group in sorted(path for path in shipped("conf").iterdir() if path.is_dir() and path.name != "suite"):
        options = [path.stem for path in sorted(group.glob("*.yaml"))]
        groups.append(_wrapped(f"  {group.name:<12}", ", ".join(options)))
    verbs = [f"  {summary}" for _, summary in _verbs()]
    print(HELP.format(groups="\n".join(groups), verbs="\n".join(verbs)), end="")
    return 0


def _version() -> int:
    from runner.provenance import DISTRIBUTION, versions

    print("runner", *versions([DISTRIBUTION]).values())
    return 0


def _wrapped(head: str, text: str) -> str:
    import textwrap

    return textwrap.fill(
        text, 108, initial_indent=head, subsequent_indent=" " * len(head), break_on_hyphens=False
    )  # a name is to be copied whole


def _verbs() -> list[tuple[str, str]]:
    """Return each verb with the first line of its module, read without importing it."""
    folder = Path(__file__).resolve().parent / "commands"
    lines = [(path.stem, path.read_text().split('"""')[1].splitlines()[0]) for path in sorted(folder.glob("*.py"))]
    return [(name, summary) for name, summary in lines if name != "__init__"]


if __name__ == "__main__":
    main()
