"""Sending messages, to memory and to SQS."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from botocore.stub import Stubber

from darkroom.adapters import queue_messages as wire
from darkroom.adapters.sqs import SqsQueues
from darkroom.domain.catalog.routes import Queue
from darkroom.domain.errors import Unavailable
from darkroom.domain.jobs.messages import TaskMessage, TaskStep
from darkroom.domain.webhooks.delivery_messages import DeliveryMessage
from darkroom.ports.storage import Queues
from tests.contract.calls import counted
from tests.contract.examples import OWNER, TEST_OWNER, delivery, endpoint, object_id
from tests.fakes import FakeQueues

TASKS = [TaskMessage(OWNER, object_id(1), index) for index in range(23)]
FIRST = DeliveryMessage(OWNER, endpoint().id, delivery().id, delivery(), endpoint())
LATER = DeliveryMessage(TEST_OWNER, endpoint().id, delivery().id)


@dataclass(frozen=True)
class Sent:
    """Queues to send to, and what then is on them."""

    queues: Queues
    tasks: Callable[[], list[TaskMessage]]
    deliveries: Callable[[], list[DeliveryMessage]]


@pytest.fixture
def sqs(aws: Any) -> Any:
    return aws("sqs")


@pytest.fixture
def urls(sqs: Any) -> Iterator[dict[str, str]]:
    made = {name: sqs.create_queue(QueueName=f"{name}-test")["QueueUrl"] for name in ("render", "deliveries")}
    yield made
    for url in made.values():
        sqs.delete_queue(QueueUrl=url)


@pytest.fixture
def sqs_queues(sqs: Any, urls: dict[str, str]) -> SqsQueues:
    return SqsQueues(sqs, tasks={Queue.RENDERS: urls["render"]}, deliveries=urls["deliveries"])


@pytest.fixture(params=["fake", "sqs"])
def sent(request: pytest.FixtureRequest) -> Sent:
    if request.param == "fake":
        fake = FakeQueues()
        return Sent(
            fake,
            lambda: [task.message for task in fake.tasks],
            lambda: [delivery.message for delivery in fake.deliveries],
        )
    sqs, urls = request.getfixturevalue("sqs"), request.getfixturevalue("urls")
    return Sent(
        request.getfixturevalue("sqs_queues"),
        lambda: [wire.task_from_json(message["Body"]) for message in received(sqs, urls["render"])],
        lambda: [wire.delivery_from_json(message["Body"]) for message in received(sqs, urls["deliveries"])],
    )


def received(sqs: Any, url: str) -> list[dict[str, Any]]:
    everything: list[dict[str, Any]] = []
    while some := sqs.receive_message(
        QueueUrl=url, MaxNumberOfMessages=10, MessageSystemAttributeNames=["All"]
    ).get("Messages"):
        everything += some
    return everything


@pytest.mark.parametrize("count", [0, 1, 2, 10, 11, 23])
def test_tasks_arrive_as_they_were_sent(sent: Sent, count: int) -> None:
    sent.queues.send_tasks(Queue.RENDERS, TASKS[:count])
    assert sorted(sent.tasks(), key=lambda message: message.index) == TASKS[:count]


@pytest.mark.parametrize("message", [FIRST, LATER])
def test_deliveries_arrive_as_they_were_sent(sent: Sent, message: DeliveryMessage) -> None:
    sent.queues.send_deliveries([message])
    assert sent.deliveries() == [message]


@pytest.mark.parametrize("step", TaskStep)
def test_a_task_message_names_its_step(step: TaskStep) -> None:
    message = TaskMessage(TEST_OWNER, object_id(1), 7, step)
    assert wire.task_from_json(wire.task_to_json(message)) == message


# ---------------------------------------------------------------- SQS itself


@pytest.mark.parametrize(
    ("count", "calls"),
    [
        (0, {}),
        (1, {"SendMessage": 1}),
        (10, {"SendMessageBatch": 1}),
        (21, {"SendMessageBatch": 2, "SendMessage": 1}),
    ],
)
def test_messages_go_in_tens(sqs: Any, sqs_queues: SqsQueues, count: int, calls: dict[str, int]) -> None:
    with counted(sqs) as made:
        sqs_queues.send_tasks(Queue.RENDERS, TASKS[:count])
    assert made == calls


def test_large_messages_go_in_fewer_than_tens(sqs: Any, sqs_queues: SqsQueues) -> None:
    large = delivery(payload="x" * 100_000)
    with counted(sqs) as made:
        sqs_queues.send_deliveries([DeliveryMessage(OWNER, "e", large.id, large)] * 4)
    assert made == {"SendMessageBatch": 2}


def test_messages_name_their_workspace_and_delay(sqs: Any, sqs_queues: SqsQueues) -> None:
    seen: list[dict[str, Any]] = []
    sqs.meta.events.register("provide-client-params.sqs", lambda params, **_: seen.append(params))
    sqs_queues.send_tasks(Queue.RENDERS, TASKS[:1], delay_seconds=30)
    sqs_queues.send_tasks(Queue.RENDERS, TASKS[:2], delay_seconds=40)
    entries = [seen[0], *seen[1]["Entries"]]
    assert {entry["MessageGroupId"] for entry in entries} == {OWNER.workspace_id}
    assert [entry["DelaySeconds"] for entry in entries] == [30, 40, 40]


def test_a_queue_without_an_address_is_a_mistake_of_ours(sqs_queues: SqsQueues) -> None:
    with pytest.raises(LookupError):
        sqs_queues.send_tasks(Queue.VENDORS, TASKS[:1])


@pytest.mark.parametrize("queue", [Queue.SANDBOX, Queue.SANDBOX_FILMS])
def test_a_stack_without_the_sandbox_cannot_take_its_tasks(sqs_queues: SqsQueues, queue: Queue) -> None:
    with pytest.raises(Unavailable, match="without the sandbox"):
        sqs_queues.send_tasks(queue, TASKS[:1])


def failed(*numbers: int) -> dict[str, Any]:
    return {
        "Successful": [],
        "Failed": [{"Id": str(number), "SenderFault": False, "Code": "Busy"} for number in numbers],
    }


def test_what_a_batch_left_out_is_sent_once_more(sqs: Any, sqs_queues: SqsQueues) -> None:
    seen: list[list[str]] = []
    sqs.meta.events.register(
        "provide-client-params.sqs.SendMessageBatch",
        lambda params, **_: seen.append([entry["Id"] for entry in params["Entries"]]),
    )
    with Stubber(sqs) as stub:
        stub.add_response("send_message_batch", failed(1, 2))
        stub.add_response("send_message_batch", failed())
        sqs_queues.send_tasks(Queue.RENDERS, TASKS[:4])
        stub.add_response("send_message_batch", failed(1))
        stub.add_response("send_message_batch", failed(1))
        with pytest.raises(Unavailable):
            sqs_queues.send_tasks(Queue.RENDERS, TASKS[:2])
        stub.assert_no_pending_responses()
    assert seen == [["0", "1", "2", "3"], ["1", "2"], ["0", "1"], ["1"]]


def test_a_busy_queue_is_unavailable(sqs: Any, sqs_queues: SqsQueues) -> None:
    with Stubber(sqs) as stub:
        stub.add_client_error("send_message", "RequestThrottled", http_status_code=403)
        with pytest.raises(Unavailable):
            sqs_queues.send_tasks(Queue.RENDERS, TASKS[:1])


def test_the_fake_takes_nothing_while_it_is_busy() -> None:
    queues = FakeQueues()
    queues.busy = True
    with pytest.raises(Unavailable):
        queues.send_tasks(Queue.RENDERS, TASKS)
    with pytest.raises(ValueError, match="901"):
        FakeQueues().send_tasks(Queue.RENDERS, TASKS, delay_seconds=901)
