"""When a message that was not done comes back: when it is worth it, and long before its queue would show it."""

from __future__ import annotations

from typing import Any

import boto3
import pytest
from moto import mock_aws

from darkroom.adapters.queue_messages import task_to_json
from darkroom.adapters.visibility import SqsVisibility
from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.errors import Unavailable
from darkroom.domain.jobs.messages import TaskBusy, TaskMessage
from darkroom.entrypoints.task_worker import task_worker
from darkroom.wiring import override
from tests.harness.container import Harness
from tests.harness.triggers import CONTEXT, failures, sqs_event

MESSAGE = TaskMessage(Owner("w", True), "01950000-0000-7000-8000-000000000001", 0)


class Seen:
    """What was asked of the queue."""

    def __init__(self) -> None:
        self.seconds: list[int] = []

    def come_back(self, queue_arn: str, receipt: str, seconds: int) -> None:
        self.seconds.append(seconds)


def seconds_until_back(error: Exception, *, received: int = 1) -> list[int]:
    """After how many seconds a message is shown again when its work raises ``error``."""
    harness, seen = Harness(), Seen()
    harness.core.visibility = seen  # type: ignore[assignment]

    def execute(_: TaskMessage) -> None:
        raise error

    event = sqs_event([task_to_json(MESSAGE)])
    event["Records"][0]["attributes"]["ApproximateReceiveCount"] = str(received)
    with override(harness.core):
        assert failures(task_worker(execute)(event, CONTEXT)) == ["0"]
    return seen.seconds


def test_a_task_that_another_worker_holds_comes_back_when_its_lease_ends() -> None:
    assert seconds_until_back(TaskBusy(87)) == [87]


@pytest.mark.parametrize(("received", "seconds"), [(1, 5), (2, 10), (3, 20), (5, 80), (9, 120)])
def test_what_something_of_ours_was_too_busy_for_comes_back_within_seconds(
    received: int, seconds: int
) -> None:
    assert seconds_until_back(Unavailable("busy"), received=received) == [seconds]


def test_what_nobody_has_foreseen_comes_back_when_the_queue_shows_it() -> None:
    assert seconds_until_back(RuntimeError("a defect")) == []


@mock_aws
def test_the_queue_is_found_by_its_name_and_shows_the_message_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "x")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "x")
    sqs: Any = boto3.client("sqs", region_name="us-east-1")
    url = sqs.create_queue(QueueName="tasks", Attributes={"VisibilityTimeout": "1800"})["QueueUrl"]
    sqs.send_message(QueueUrl=url, MessageBody="x")
    receipt = sqs.receive_message(QueueUrl=url)["Messages"][0]["ReceiptHandle"]
    visibility = SqsVisibility(sqs, [url, ""])
    visibility.come_back("arn:aws:sqs:us-east-1:1:another", receipt, 0)
    visibility.come_back("arn:aws:sqs:us-east-1:1:tasks", "not a receipt", 0)
    assert "Messages" not in sqs.receive_message(QueueUrl=url)
    visibility.come_back("arn:aws:sqs:us-east-1:1:tasks", receipt, 0)
    assert sqs.receive_message(QueueUrl=url)["Messages"][0]["Body"] == "x"
