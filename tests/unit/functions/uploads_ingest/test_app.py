"""The function that S3's events come in by: each object goes to the use case of its prefix."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote_plus

import pytest

from darkroom.domain.errors import Unavailable
from darkroom.domain.files.file import File, FileStatus, Rejection
from darkroom.domain.files.uploads import upload_key
from darkroom.domain.writes import SettleFile
from darkroom.services.files.request_upload import NewFile
from darkroom.wiring import override
from tests.harness.core import POLICY, TenantHarness
from tests.harness.triggers import CONTEXT, failures, sample, sqs_event
from tests.unit.graphics.pictures import encoded, quarters
from uploads_ingest import app
from uploads_ingest.app import handler

PNG = encoded(quarters())


@pytest.fixture
def harness() -> Iterator[TenantHarness]:
    made = TenantHarness(credits=1, plan="pro")
    app._ingest_upload.cache_clear()
    with override(made.core):
        yield made
    app._ingest_upload.cache_clear()


def announced(harness: TenantHarness, data: bytes = PNG, mime: str = "image/png") -> File:
    caller = harness.authenticate(harness.token, POLICY)
    new = NewFile("a", mime, len(data), hashlib.sha256(data).hexdigest())
    file = harness.core.request_upload(caller, new).file
    harness.blobs.put(upload_key(file), data, mime)
    return file


def notification(*keys: str, event: str = "ObjectCreated:Put") -> str:
    records = [
        {"eventName": event, "s3": {"object": {"key": quote_plus(key), "sequencer": "00"}}} for key in keys
    ]
    return json.dumps({"Records": records})


class Shown:
    """Keeps when messages are to be seen again."""

    def __init__(self, calls: list[tuple[str, str, int]]) -> None:
        self._calls = calls

    def come_back(self, queue_arn: str, receipt: str, seconds: int) -> None:
        self._calls.append((queue_arn, receipt, seconds))


def take_in(*bodies: str) -> list[str]:
    return failures(handler(sqs_event(bodies), CONTEXT))


def test_real_triggers_are_understood(harness: TenantHarness) -> None:
    for name in ("object_created", "test_event"):
        assert not failures(handler(sample(f"uploads_ingest/{name}"), CONTEXT))
    assert harness.calls.made[0] == "files.get"
    assert set(harness.calls.made[1:]) == {"blobs.delete"}  # of a file nobody announced


def test_an_upload_becomes_ready_with_nothing_but_its_own_key_read(harness: TenantHarness) -> None:
    file = announced(harness)
    harness.calls.made.clear()
    assert not take_in(notification(upload_key(file)))
    assert harness.memory.files[file.owner, file.id].status is FileStatus.READY
    assert harness.memory.assets[file.owner, file.id].size == len(PNG)
    assert harness.calls.made == [
        "files.get",
        "blobs.get_within",
        "blobs.put",
        "store.commit",
        "blobs.delete",
    ]


def test_what_lies_about_its_type_is_rejected(harness: TenantHarness) -> None:
    file = announced(harness, b"<html>", "image/png")
    assert not take_in(notification(upload_key(file)))
    assert harness.memory.files[file.owner, file.id].rejection is Rejection.TYPE_MISMATCH
    assert harness.memory.assets == {}


def test_the_same_message_twice_and_out_of_order_makes_one_asset(harness: TenantHarness) -> None:
    first, second = announced(harness), announced(harness)
    both = [notification(upload_key(second)), notification(upload_key(first), upload_key(second))]
    assert not take_in(*both, *reversed(both))
    assert sorted(asset_id for _, asset_id in harness.memory.assets) == sorted([first.id, second.id])
    settled = [write for commit in harness.store.commits for write in commit if isinstance(write, SettleFile)]
    assert len(settled) == 2


def test_one_that_fails_comes_back_alone(harness: TenantHarness, monkeypatch: pytest.MonkeyPatch) -> None:
    good, bad = announced(harness), announced(harness)
    get, shown = harness.blobs.get_within, list[tuple[str, str, int]]()

    def failing(key: str, max_bytes: int) -> Any:
        if key == upload_key(bad):
            raise Unavailable("busy")
        return get(key, max_bytes)

    monkeypatch.setattr(harness.blobs, "get_within", failing)
    vars(harness.core)["visibility"] = Shown(shown)
    messages = [notification(upload_key(bad)), notification(upload_key(good)), "not json"]
    assert take_in(*messages) == ["0", "2"]
    assert [seconds for *_, seconds in shown] == [Unavailable("busy").retry_after]
    assert harness.memory.files[good.owner, good.id].status is FileStatus.READY
    assert harness.memory.files[bad.owner, bad.id].status is FileStatus.PENDING


@pytest.mark.parametrize("event", ["ObjectRemoved:Delete", "LifecycleExpiration:Delete", "ObjectTagging:Put"])
def test_other_events_are_nobodys(harness: TenantHarness, event: str) -> None:
    file = announced(harness)
    assert not take_in(notification(upload_key(file), event=event))
    assert harness.memory.files[file.owner, file.id] == file


def test_an_object_elsewhere_is_left_alone(harness: TenantHarness) -> None:
    harness.blobs.put("media/w/live/j/a.png", PNG, "image/png")
    assert not take_in(notification("media/w/live/j/a.png"))
    assert harness.blobs.exists("media/w/live/j/a.png")


def test_keys_are_decoded_as_s3_encodes_them(harness: TenantHarness) -> None:
    harness.blobs.put("uploads/read me+ü.txt", b"?", "text/plain")
    assert not take_in(notification("uploads/read me+ü.txt"))
    assert harness.blobs.objects == {}
