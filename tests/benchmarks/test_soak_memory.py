"""What the soak says of memory, from samples that are made up."""

from __future__ import annotations

from collections.abc import Callable

from benchmarks.soak_memory import Sample, drift_of, rows_of


def samples(megabytes: Callable[[float], float], minutes: int = 60) -> list[Sample]:
    """Four looks a minute at a worker; a studio that grows beside it must not be mixed in."""
    found = []
    for quarter in range(4 * minutes):
        minute = quarter / 4
        own = megabytes(minute)
        found.append(Sample(minute, "worker", 1, own + 50, own))
        found.append(Sample(minute, "studio", 2, 10 * minute, 10 * minute))
    return found


def test_memory_that_grows_before_it_settles_is_flat() -> None:
    drift = drift_of(samples(lambda minute: min(100.0, 20 + 10 * minute)), "worker")
    assert drift is not None
    assert (drift.settled, drift.share, drift.holds) == (100, 0, True)


def test_a_slow_leak_does_not_hold() -> None:
    drift = drift_of(samples(lambda minute: 100 + minute), "worker")
    assert drift is not None
    assert drift.worst == drift.last > 150
    assert not drift.holds


def test_jobs_that_come_and_go_are_no_drift() -> None:
    drift = drift_of(samples(lambda minute: 150 if minute % 3.5 < 1.7 else 100), "worker")
    assert drift is not None
    assert drift.holds


def test_a_short_peak_is_no_drift_and_a_long_one_is() -> None:
    peak = drift_of(samples(lambda minute: 200 if 30 <= minute < 31 else 100), "worker")
    stay = drift_of(samples(lambda minute: 300 if 30 <= minute < 40 else 100), "worker")
    assert peak is not None
    assert stay is not None
    assert (peak.holds, stay.holds) == (True, False)
    assert (stay.worst, stay.last) == (300, 100)


def test_nothing_is_said_of_a_short_run_or_of_a_process_that_never_was() -> None:
    assert drift_of(samples(lambda _: 100.0, minutes=24), "worker") is None
    assert drift_of(samples(lambda _: 100.0), "painter") is None


def test_rows_tell_medians_by_time_and_name_a_new_process() -> None:
    told = [
        Sample(0.1, "worker", 1, 50, 20),
        Sample(0.2, "worker", 2, 70, 40),
        Sample(1.2, "worker", 2, 90, 60),
    ]
    rows = rows_of(told, ["studio", "worker"], 1.0)
    assert rows == [
        ["0", "", "", "60", "30 (new process)"],
        ["1", "", "", "90", "60"],
    ]
