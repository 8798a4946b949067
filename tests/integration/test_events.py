"""The trigger payloads kept under `events/` are what the handlers read today."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from darkroom.adapters.dynamodb.rows import endpoint_from_image, job_from_image
from darkroom.adapters.eventbridge import event_from_detail
from darkroom.adapters.queue_messages import delivery_from_json, task_from_json
from darkroom.domain.webhooks.events import endpoint_disabled, job_ended
from tools.paths import ROOT

EVENTS = ROOT / "events"
RECONCILING = (EVENTS / "worker_reconcile").glob("*.json")


def load(name: str) -> Any:
    return json.loads((EVENTS / name).read_text())


def test_every_function_has_one() -> None:
    functions = {path.parent.name for path in (ROOT / "functions").glob("*/app.py")}
    assert {path.name for path in EVENTS.iterdir() if path.is_dir()} == functions


@pytest.mark.parametrize("path", sorted(EVENTS.glob("api_*/*.json")), ids=lambda path: path.stem)
def test_none_holds_a_key_and_all_take_theirs_from_the_stack(path: Path) -> None:
    token = json.loads(path.read_text())["headers"].get("authorization", "Bearer ${keys.none}")
    assert re.fullmatch(r"Bearer \$\{keys\.\w+\}", token)


@pytest.mark.parametrize("path", sorted(EVENTS.rglob("*.json")), ids=lambda path: path.stem)
def test_each_is_of_its_triggers_shape(path: Path) -> None:
    event = json.loads(path.read_text())
    if path.parent.name.startswith("api_"):
        assert {"version", "rawPath", "requestContext", "headers"} <= event.keys()
        return
    streams = {"events_relay", "usage_rollup", "wallet_changed"}
    for record in event["Records"]:
        of_a_stream = not streams.isdisjoint({path.parent.name, path.stem})
        assert record["eventSource"] == ("aws:dynamodb" if of_a_stream else "aws:sqs")


@pytest.mark.parametrize(
    "path", sorted(set(EVENTS.glob("worker_[rsv]*/*.json")) - {*RECONCILING}), ids=lambda path: path.stem
)
def test_task_messages_can_be_read(path: Path) -> None:
    for record in json.loads(path.read_text())["Records"]:
        assert task_from_json(record["body"]).job_id


@pytest.mark.parametrize("name", ["first_try", "retry"])
def test_delivery_messages_can_be_read(name: str) -> None:
    (record,) = load(f"worker_webhooks/{name}.json")["Records"]
    assert (delivery_from_json(record["body"]).first is not None) == (name == "first_try")


def test_stream_records_can_be_read_and_announced() -> None:
    (ended,) = load("events_relay/job_succeeded.json")["Records"]
    assert job_ended(job_from_image(ended["dynamodb"]["NewImage"])).type == "generation.completed"
    (disabled,) = load("events_relay/endpoint_disabled.json")["Records"]
    assert endpoint_disabled(endpoint_from_image(disabled["dynamodb"]["NewImage"])).type == "webhook.disabled"


def test_bus_events_can_be_read() -> None:
    (record,) = load("events_fanout/generation_completed.json")["Records"]
    assert event_from_detail(json.loads(record["body"])["detail"]).type == "generation.completed"
