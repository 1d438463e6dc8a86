"""What a run has taken is counted once, of all of its processes."""

import time

import pytest

import calls
from runner.config import EngineConfig
from runner.engine import Call, Engine
from runner.stopwatch import Meter


def test_the_meter_counts_this_process_and_its_workers(engine: Engine) -> None:
    [*engine.run([Call(calls.nothing, ())], time.monotonic() + 60)]  # waits for the server
    meter, mine = Meter(), time.process_time()
    [*engine.run([Call(calls.burn, (0.5,))], time.monotonic() + 60)]
    assert meter.cpu_seconds() - (time.process_time() - mine) == pytest.approx(0.5, abs=0.25)


def test_a_run_has_one_meter_and_it_counts_what_came_before_the_engine() -> None:
    meter = Meter()
    calls.burn(time.process_time() + 0.2)
    with Engine(EngineConfig(workers=1), 1.0, meter) as engine:
        assert engine.meter.cpu_seconds() >= 0.15  # ticks are of 10 ms
        assert engine.meter is meter
