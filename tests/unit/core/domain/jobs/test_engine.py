"""What an engine is given: inputs that are got when they are asked for, and not before."""

from __future__ import annotations

import pytest

from darkroom.domain.jobs.engine import InputFile, TaskRequest, is_within
from tests.contract.examples import job


def test_bytes_and_addresses_are_got_once_and_only_when_asked_for() -> None:
    loaded: list[str] = []

    def load() -> bytes:
        loaded.append("data")
        return b"kite"

    def link() -> str:
        loaded.append("url")
        return "https://media.test/kite"

    input_file = InputFile("source", load, link)
    assert loaded == []
    assert [input_file.data, input_file.data] == [b"kite", b"kite"]
    assert loaded == ["data"]
    assert [input_file.url, input_file.url] == ["https://media.test/kite"] * 2
    assert loaded == ["data", "url"]


def test_bytes_that_are_there_need_no_loading_and_may_have_no_address() -> None:
    input_file = InputFile("source", b"kite")
    assert input_file.data == b"kite"
    with pytest.raises(LookupError):
        _ = input_file.url


def test_masks_and_sound_are_no_pictures() -> None:
    files = [InputFile(role, role.encode()) for role in ("source", "mask", "ref", "audio", "ref")]
    request = TaskRequest(job(), job().tasks[0], tuple(files))
    assert [one.role for one in request.pictures] == ["source", "ref", "ref"]
    assert request.input_files_as("mask", "source") == (files[0], files[1])
    assert request.input_files_as("logo") == ()


def test_every_attempt_at_a_task_has_the_same_reference() -> None:
    first, second = job().tasks[:2]
    assert TaskRequest(job(), first).reference == TaskRequest(job(), first, model="other").reference
    assert TaskRequest(job(), first).reference != TaskRequest(job(), second).reference


@pytest.mark.parametrize(
    ("host", "within"),
    [
        ("vendor.test", True),
        ("cdn.vendor.test", True),
        ("evilvendor.test", False),
        ("vendor.test.evil.example", False),
        ("other.example", False),
    ],
)
def test_a_host_is_within_a_domain_at_a_dot(host: str, within: bool) -> None:
    assert is_within(host, ["another.test", "vendor.test"]) is within
    assert not is_within(host, [])
