"""What is left of a killed emulator, and which of it the next one loads."""

from __future__ import annotations

import gc
import json
from pathlib import Path

import pytest

from local.emulator.launcher import take
from local.emulator.saved_state import recover, snapshots


def save(folder: Path, name: str, state: object) -> None:
    (folder / f"{name}.json").write_text(json.dumps(state))


def loaded(folder: Path) -> dict[str, object]:
    return {path.stem: json.loads(path.read_text()) for path in (folder / "state").glob("*.json")}


def stopped(folder: Path, **state: object) -> None:
    """What a clean stop leaves."""
    (folder / "state" / "lambda-blobs").mkdir(parents=True, exist_ok=True)
    (folder / "state" / "lambda-blobs" / "code").write_text("code")
    for name, one in state.items():
        save(folder / "state", name, one)


def test_the_newest_snapshot_is_loaded_whole_and_functions_code_stays(tmp_path: Path) -> None:
    stopped(tmp_path, dynamodb=1, sns=1)
    take(tmp_path / "snapshots", {"dynamodb": lambda: 2}, save)
    newest = take(tmp_path / "snapshots", {"dynamodb": lambda: 3, "sqs": lambda: None}, save)
    assert snapshots(tmp_path) == [newest]
    words = recover(tmp_path, float(newest.name) + 7)
    assert loaded(tmp_path) == {"dynamodb": 3}
    assert "the 7 s after it is lost" in words
    assert (tmp_path / "state" / "lambda-blobs" / "code").exists()
    assert snapshots(tmp_path) == []


def test_a_snapshot_that_was_not_finished_is_none(tmp_path: Path) -> None:
    stopped(tmp_path, dynamodb=1)

    def broken() -> object:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        take(tmp_path / "snapshots", {"dynamodb": lambda: 2, "sqs": broken}, save)
    assert snapshots(tmp_path) == []
    assert "back to when it was last stopped" in recover(tmp_path, 0)
    assert loaded(tmp_path) == {"dynamodb": 1}


def test_tables_that_change_while_they_are_copied_are_copied_again(tmp_path: Path) -> None:
    tries = iter([RuntimeError("changed size"), RuntimeError("changed size"), None])

    def busy() -> object:
        error = next(tries)
        if error is not None:
            raise error
        return "whole"

    taken = take(tmp_path, {"dynamodb": busy}, save)
    assert json.loads((taken / "dynamodb.json").read_text()) == "whole"


def test_without_anything_saved_it_starts_empty_and_says_so(tmp_path: Path) -> None:
    (tmp_path / "s3" / "darkroom-artifacts").mkdir(parents=True)
    assert "it starts empty" in recover(tmp_path, 0)
    assert not (tmp_path / "s3").exists()


def test_no_garbage_is_collected_while_a_copy_is_made_and_written(tmp_path: Path) -> None:
    """It would look through the whole copy while nobody is answered."""
    seen: list[bool] = []
    take(tmp_path, {"dynamodb": lambda: seen.append(gc.isenabled())}, save)
    assert (seen, gc.isenabled()) == ([False], True)
