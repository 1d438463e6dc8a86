import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from processes import environment
from runner.errors import UserError
from runner.folders import OUTBOX
from runner.listeners.outbox import CANDIDATE, END, RUN, TRIAL, Outbox, Step, digest, exists


def box_with(folder, *steps):
    box = Outbox(folder)
    for step in steps:
        box.add(step)
    return box


def names(box):
    return [str(step) for step in box.steps()]


def test_what_was_written_is_read_again(tmp_path):
    steps = [
        Step(RUN, 1.0, {"dataset": "ä"}),
        Step(CANDIDATE, 2.5, {"x": [1, None]}, "dummy"),
        Step(TRIAL, 3.0, {}, "0"),
    ]
    box = box_with(tmp_path, *steps)
    key = box.key
    box.close()
    again = Outbox(tmp_path)
    assert again.key == key
    assert again.steps() == steps
    assert names(again) == ["the run", "dummy", "trial 0"]


def test_a_resumed_run_tells_nothing_twice_and_has_one_end(tmp_path):
    box = box_with(
        tmp_path, Step(RUN, 1.0, {}), Step(CANDIDATE, 2.0, {}, "dummy"), Step(END, 3.0, {"status": "KILLED"})
    )
    assert not box.add(Step(CANDIDATE, 9.0, {}, "dummy"))
    assert box.add(Step(CANDIDATE, 9.0, {}, "tree"))
    assert box.add(Step(END, 10.0, {"status": "FINISHED"}))
    assert [(step.at, str(step)) for step in box.steps()] == [
        (1.0, "the run"),
        (2.0, "dummy"),
        (9.0, "tree"),
        (10.0, "the end"),
    ]


def test_a_line_that_was_cut_off_costs_that_line_only(tmp_path):
    box_with(tmp_path, Step(RUN, 1.0, {}), Step(CANDIDATE, 2.0, {}, "dummy")).close()
    path = tmp_path / OUTBOX
    path.write_bytes(path.read_bytes()[:-20])
    box = box_with(tmp_path, Step(CANDIDATE, 3.0, {}, "tree"))
    box.close()
    assert names(Outbox(tmp_path)) == ["the run", "tree"]


def test_a_key_that_was_cut_off_costs_nothing_that_comes_after_it(tmp_path):
    (tmp_path / OUTBOX).write_text('{"key": "3f')
    box = box_with(tmp_path, Step(RUN, 1.0, {}))
    box.close()
    again = Outbox(tmp_path)
    assert (again.key, names(again)) == (box.key, ["the run"])


@pytest.mark.parametrize("sign", ["\u2028", "\u2029", "\x85", "\x1c", "\r"])
def test_a_sign_that_breaks_a_line_elsewhere_breaks_none_here(tmp_path, sign):
    box_with(tmp_path, Step(RUN, 1.0, {"dataset": f"a{sign}b"}), Step(CANDIDATE, 2.0, {}, "tree")).close()
    again = Outbox(tmp_path)
    assert names(again) == ["the run", "tree"]
    assert again.steps()[0].content == {"dataset": f"a{sign}b"}


def test_lines_that_are_not_ours_cost_nothing_else(tmp_path):
    box_with(tmp_path, Step(RUN, 1.0, {})).close()
    path = tmp_path / OUTBOX
    _, first, second = path.read_bytes().split(b"\n")
    path.write_bytes(b'7\n"x"\n\xff\x00\n{"kind": "end"}\n' + second)
    box = box_with(tmp_path, Step(CANDIDATE, 3.0, {}, "tree"))
    assert names(box) == ["the run", "tree"]
    assert box.key not in first.decode()  # it was lost, so this is another run to MLflow
    box.close()
    again = Outbox(tmp_path)
    assert (again.key, names(again)) == (box.key, ["the run", "tree"])


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux has a disk that is always full")
def test_on_a_full_disk_a_step_can_still_be_sent_but_not_later(tmp_path):
    box = box_with(tmp_path, Step(RUN, 1.0, {}))
    with Path("/dev/full").open("wb", buffering=0) as full:
        box._file, kept = full, box._file
        assert box.add(Step(CANDIDATE, 2.0, {}, "dummy"))
    kept.close()
    assert names(box) == ["the run", "dummy"]
    assert not box.is_whole
    assert names(Outbox(tmp_path)) == ["the run"]


def test_only_one_process_holds_it(tmp_path):
    box = box_with(tmp_path)
    with pytest.raises(UserError, match="still at work or being sent"):
        Outbox(tmp_path)
    box.close()
    Outbox(tmp_path).close()


def test_digest_changes_with_steps_and_files(tmp_path):
    box = box_with(tmp_path, Step(RUN, 1.0, {}))
    file = tmp_path / "summary.md"
    file.write_text("a")
    digests = [digest(tmp_path, [file]), digest(tmp_path, [file])]
    file.write_text("b")
    digests.append(digest(tmp_path, [file]))
    box.add(Step(END, 2.0, {}))
    digests.append(digest(tmp_path, [file]))
    assert digests[0] == digests[1] and len(set(digests)) == 3


def test_a_folder_without_one(tmp_path):
    assert not exists(tmp_path)
    assert not exists(tmp_path / "nothing")


def test_what_a_killed_process_wrote_stands(tmp_path):
    program = textwrap.dedent(
        f"""
        from pathlib import Path
        from runner.listeners.outbox import CANDIDATE, RUN, Outbox, digest, Step
        box = Outbox(Path({str(tmp_path)!r}))
        box.add(Step(RUN, 1.0, {{}}))
        box.add(Step(CANDIDATE, 2.0, {{}}, "dummy"))
        print("written", flush=True)
        input()
        """
    )
    process = subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment()
    )
    assert process.stdout.readline() == b"written\n"
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    assert names(Outbox(tmp_path)) == ["the run", "dummy"]
