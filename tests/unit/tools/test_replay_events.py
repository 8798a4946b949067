"""Announcing what the relay gave up: all of it, whole, and each event once."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws

from darkroom.domain.webhooks.events import job_ended
from darkroom.wiring import override
from events_relay.app import handler
from tests.harness.triggers import CONTEXT, Payload, failures, stream_record
from tests.harness.webhooks import WebhookHarness, ended_job, open_job
from tools.replay_events import Batch, Replayed, forget, given_up, reader_of, replay

BUCKET = "unrelayed"
RELAY = "arn:aws:lambda:us-east-1:1:function:relay"
DAY = "aws/lambda/8ee1e0c5/2026/11/21"


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "x")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    with mock_aws():
        client = boto3.client("s3")
        client.create_bucket(Bucket=BUCKET)
        yield client


def give_up(s3: Any, name: str, *records: Payload) -> None:
    """What AWS stores of a batch that a stream's mapping gave up."""
    document = {
        "requestContext": {
            "functionArn": RELAY,
            "condition": "RetryAttemptsExhausted",
            "approximateInvokeCount": 21,
        },
        "responseContext": {"statusCode": 200, "functionError": None},
        "version": "1.0",
        "DDBStreamBatchInfo": {"shardId": "shardId-1", "batchSize": len(records)},
        "payload": json.dumps({"Records": list(records)}),
    }
    s3.put_object(Bucket=BUCKET, Key=f"{DAY}/{name}", Body=json.dumps(document).encode())


def relay_on(harness: WebhookHarness) -> Any:
    def relay(batch: Batch, function: str) -> bool:
        assert function == RELAY
        with override(harness.core):
            return not failures(handler(dict(batch), CONTEXT))

    return relay


def test_what_was_given_up_is_announced_and_removed(s3: Any) -> None:
    harness = WebhookHarness()
    give_up(s3, "1", stream_record("1", open_job(), ended_job()))
    give_up(s3, "2", stream_record("9", ended_job(), ended_job()))
    assert replay(s3, BUCKET, relay_on(harness)) == Replayed(2, ())
    assert harness.bus.events == [job_ended(ended_job())]
    assert list(given_up(s3, BUCKET)) == []
    assert replay(s3, BUCKET, relay_on(harness)) == Replayed(0, ())


def test_what_still_cannot_be_announced_stays_and_keeps_no_other_back(s3: Any) -> None:
    harness = WebhookHarness()
    harness.bus.refusing = {job_ended(ended_job()).id}
    give_up(s3, "1", stream_record("1", open_job(), ended_job()))
    give_up(s3, "2", stream_record("9", ended_job(), ended_job()))
    assert replay(s3, BUCKET, relay_on(harness)) == Replayed(1, (f"{DAY}/1",))
    harness.bus.refusing = set()
    assert replay(s3, BUCKET, relay_on(harness)) == Replayed(1, ())
    assert harness.bus.events == [job_ended(ended_job())]


@pytest.mark.parametrize(
    ("answer", "taken"),
    [
        ({"Payload": b'{"batchItemFailures": []}'}, True),
        ({"Payload": b'{"batchItemFailures": [{"itemIdentifier": "1"}]}'}, False),
        ({"Payload": b'{"errorMessage": "no"}', "FunctionError": "Unhandled"}, False),
    ],
)
def test_the_function_that_gave_up_is_asked(answer: dict[str, Any], taken: bool) -> None:
    asked: list[dict[str, Any]] = []

    class Lambda:
        def invoke(self, **request: Any) -> dict[str, Any]:
            asked.append(request)
            return {**answer, "Payload": io.BytesIO(answer["Payload"])}

    client: Any = Lambda()
    for function, named in (("", "relay"), ("rollup", "rollup")):
        assert reader_of(client, "relay")({"Records": []}, function) is taken
        assert asked.pop() == {"FunctionName": named, "Payload": b'{"Records": []}'}


def test_the_notices_are_taken_off_their_queue(s3: Any) -> None:
    sqs = boto3.client("sqs")
    url = sqs.create_queue(QueueName="notices")["QueueUrl"]
    for number in range(23):
        sqs.send_message(QueueUrl=url, MessageBody=str(number))
    forget(sqs, url)
    assert "Messages" not in sqs.receive_message(QueueUrl=url)
