"""Events with what only a running stack knows put in."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from local.emulator.info import StackInfo
from local.sample_events import read_event
from tools.errors import LocalError

INFO = StackInfo("http://127.0.0.1:4566/x", "w", {"memes_test": "sk_test_1"}, {"social-card": "t"})


def written(folder: Path, text: str) -> Path:
    path = folder / "event.json"
    path.write_text(text)
    return path


def test_placeholders_are_filled_from_the_stack(tmp_path: Path) -> None:
    event = {"key": "Bearer ${keys.memes_test}", "ids": ["${workspace_id}", "${templates.social-card}"]}
    path = written(tmp_path, json.dumps({**event, "stage": "$default"}))
    assert json.loads(read_event(path, INFO)) == {
        "key": "Bearer sk_test_1",
        "ids": ["w", "t"],
        "stage": "$default",
    }


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"key": "${keys.nobody}"}', "the stack knows no keys.nobody"),
        ('{"key": "${keys}"}', "the stack knows no keys;"),
        ('{"key": "${workspace_id.x}"}', "the stack knows no workspace_id.x"),
        ("{", "is not JSON"),
    ],
)
def test_what_cannot_be_an_event_says_why(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(LocalError, match=words):
        read_event(written(tmp_path, text), INFO)


def test_a_file_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(LocalError, match="cannot be read"):
        read_event(tmp_path / "none.json", INFO)
