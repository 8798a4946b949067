"""Work in another process ends when its time or its memory does, and takes nothing with it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from darkroom_graphics.isolated import IsolatedProcess, IsolationLimits
from darkroom_graphics.unusable_picture import UnusablePicture

AMPLE = IsolationLimits(seconds=30, memory_bytes=500_000_000)
SHORT = IsolationLimits(seconds=0.3, memory_bytes=500_000_000)


@pytest.fixture(scope="module")
def process() -> IsolatedProcess:
    return IsolatedProcess("tests.unit.graphics.isolated_work")


def test_the_result_comes_back_whole(process: IsolatedProcess) -> None:
    data = bytes(range(256)) * 20_000  # more than a pipe holds
    assert process.call(data, AMPLE) == data[::-1]
    assert process.call(b"", AMPLE) == b""


def test_a_refusal_comes_back_in_its_own_words(process: IsolatedProcess) -> None:
    with pytest.raises(UnusablePicture, match="is no good"):
        process.call(b"refuse", AMPLE)


@pytest.mark.parametrize(
    ("work", "limits"),
    [(b"loop", SHORT), (b"fill", AMPLE), (b"crash", AMPLE), (b"fail", AMPLE)],
    ids=["endless", "gigabytes", "crash", "error"],
)
def test_what_does_not_end_well_is_stopped_and_the_next_call_works(
    process: IsolatedProcess, work: bytes, limits: IsolationLimits
) -> None:
    with pytest.raises(UnusablePicture, match="takes too much time or memory") as caught:
        process.call(work, limits)
    assert "secret" not in str(caught.value)
    assert process.call(b"ab", AMPLE) == b"ba"


def test_a_call_has_no_credentials(process: IsolatedProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "x")
    seen = IsolatedProcess("tests.unit.graphics.isolated_work").call(b"environment", AMPLE).decode().split()
    assert set(seen) <= {"LD_LIBRARY_PATH", "OPENBLAS_NUM_THREADS", "LC_CTYPE"}


def test_a_call_writes_no_file_and_finds_nothing_of_another(process: IsolatedProcess, tmp_path: Path) -> None:
    with pytest.raises(UnusablePicture):
        process.call(f"write {tmp_path / 'left'}".encode(), AMPLE)
    assert not (tmp_path / "left").exists() or not (tmp_path / "left").stat().st_size
    assert [process.call(b"remember", AMPLE) for _ in range(2)] == [b"1", b"1"]


@pytest.mark.parametrize("work", [b"open /proc/self/environ", b"connect"])
def test_a_call_opens_no_file_and_no_connection(process: IsolatedProcess, work: bytes) -> None:
    with pytest.raises(UnusablePicture):
        process.call(work, AMPLE)
    assert process.call(work, replace(AMPLE, opens_files=True)) is not None


def test_it_can_be_started_before_it_is_needed() -> None:
    process = IsolatedProcess("tests.unit.graphics.isolated_work")
    process.start()
    started = process._process
    process.start()
    assert process.call(b"ab", AMPLE) == b"ba"
    assert process._process is started


def test_a_process_that_ended_between_calls_is_started_again() -> None:
    process = IsolatedProcess("tests.unit.graphics.isolated_work")
    assert process.call(b"ab", AMPLE) == b"ba"
    assert process._process is not None
    process._process.kill()
    process._process.wait()
    assert process.call(b"ab", AMPLE) == b"ba"


def test_a_process_that_does_not_start_is_our_fault() -> None:
    with pytest.raises(RuntimeError, match="does not start"):
        IsolatedProcess("tests.unit.graphics.no_such_module").call(b"", AMPLE)
