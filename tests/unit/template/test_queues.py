"""Which queue wakes which function, for how long a message is its, and what stands before what."""

from __future__ import annotations

import importlib
from collections import defaultdict
from typing import Any

import pytest

from tests.unit.template.source import named, read, resources, statements

FUNCTIONS = resources("AWS::Serverless::Function")
QUEUES = resources("AWS::SQS::Queue")
MAPPINGS = resources("AWS::Lambda::EventSourceMapping")
DEFAULT_TIMEOUT = read()["Globals"]["Function"]["Timeout"]


def sources() -> dict[str, list[str]]:
    """The queues of every function that reads any."""
    found = defaultdict(list)
    for mapping in MAPPINGS.values():
        queue = mapping["EventSourceArn"]["Fn::GetAtt"][0]
        if queue in QUEUES:
            found[mapping["FunctionName"]["Ref"]].append(queue)
    return found


SOURCES = sources()


def timeout(function: str) -> int:
    seconds: int = FUNCTIONS[function].get("Timeout", DEFAULT_TIMEOUT)
    return seconds


@pytest.mark.parametrize("function", SOURCES)
def test_a_message_is_hidden_six_times_as_long_as_its_function_may_run(function: str) -> None:
    for queue in SOURCES[function]:
        assert QUEUES[queue]["VisibilityTimeout"] >= 6 * timeout(function)


@pytest.mark.parametrize(
    "function", ["WorkerVendors", "WorkerRenderer", "WorkerSandbox", "WorkerSandboxFilms"]
)
def test_a_lease_outlasts_its_function_and_ends_before_its_message_returns(function: str) -> None:
    handler: str = FUNCTIONS[function]["Handler"]
    lease: Any = importlib.import_module(handler.rpartition(".")[0]).LEASE
    assert timeout(function) < lease.total_seconds()
    for queue in SOURCES[function]:
        assert lease.total_seconds() < QUEUES[queue]["VisibilityTimeout"]


def test_free_pictures_paid_renders_and_batches_share_neither_queue_nor_concurrency() -> None:
    assert {name: sorted(queues) for name, queues in SOURCES.items() if name.startswith("Worker")} == {
        "WorkerVendors": ["GenerationQueue"],
        "WorkerRenderer": ["BulkRenderQueue", "PreviewQueue", "RenderQueue"],
        "WorkerSandbox": ["SandboxQueue"],
        "WorkerSandboxFilms": ["VideoQueue"],
        "WorkerBilling": ["BillingQueue"],
        "WorkerMail": ["MailQueue"],
        "WorkerManifests": ["ManifestQueue"],
        "WorkerReconcile": ["ReconcileQueue"],
        "WorkerWebhooks": ["DeliveriesQueue"],
    }
    limits = [
        mapping["ScalingConfig"]["MaximumConcurrency"]
        for mapping in MAPPINGS.values()
        if "ScalingConfig" in mapping
    ]
    names = [limit["Fn::FindInMap"][-1] for limit in limits]
    assert len(names) == len(set(names)) == sum(map(len, SOURCES.values()))
    for stage, numbers in read()["Mappings"]["Concurrency"].items():
        assert set(numbers) == set(names), stage


def test_free_previews_hold_a_small_share_of_the_renderer_s_workers() -> None:
    for stage, numbers in read()["Mappings"]["Concurrency"].items():
        share = numbers["Previews"] / (numbers["Renders"] + numbers["BulkRenders"] + numbers["Previews"])
        assert share <= 0.25, stage


def test_every_queue_gives_up_into_one_of_its_own() -> None:
    parking = [
        queue["RedrivePolicy"]["deadLetterTargetArn"]["Fn::GetAtt"][0]
        for queue in QUEUES.values()
        if "RedrivePolicy" in queue
    ]
    assert len(parking) == len(set(parking))
    assert {queue for queues in SOURCES.values() for queue in queues} == {
        name for name, queue in QUEUES.items() if "RedrivePolicy" in queue
    }


def test_functions_that_send_to_the_queue_they_read_are_not_stopped_for_it() -> None:
    """AWS drops the seventeenth message of a chain in which a function sends itself the next."""
    queues = resources("AWS::SQS::Queue")
    for name, function in resources("AWS::Serverless::Function").items():
        read = {
            mapping["EventSourceArn"]["Fn::GetAtt"][0]
            for mapping in resources("AWS::Lambda::EventSourceMapping").values()
            if mapping["FunctionName"]["Ref"] == name
        } & queues.keys()
        may_send = [one for one in statements(function["Policies"]) if "sqs:SendMessage" in one["Action"]]
        sent_to = {queue for queue in queues if queue in set(named([one["Resource"] for one in may_send]))}
        assert (function.get("RecursiveLoop") == "Allow") is bool(read & sent_to), name


def test_what_a_stream_gives_up_is_kept_whole_and_is_an_alarm() -> None:
    """A queue as the destination gets no records, only their places in a stream that forgets them in a day."""
    streams = [
        mapping
        for mapping in resources("AWS::Lambda::EventSourceMapping").values()
        if mapping["EventSourceArn"]["Fn::GetAtt"][1] == "StreamArn"
    ]
    assert streams
    buckets, rules = resources("AWS::S3::Bucket"), resources("AWS::Events::Rule")
    for mapping in streams:
        name, _ = mapping["DestinationConfig"]["OnFailure"]["Destination"]["Fn::GetAtt"]
        assert buckets[name]["NotificationConfiguration"] == {
            "EventBridgeConfiguration": {"EventBridgeEnabled": True}
        }
        (rule,) = [
            rule for rule in rules.values() if rule["EventPattern"].get("detail-type") == ["Object Created"]
        ]
        assert rule["EventPattern"]["detail"] == {"bucket": {"name": [{"Ref": name}]}}
        assert [target["Arn"]["Fn::GetAtt"][0] for target in rule["Targets"]] == ["RelayDeadLetters"]
