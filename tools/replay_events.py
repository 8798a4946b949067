"""`python -m tools.replay_events STACK`: announces, and counts, what the streams' readers had to give up.

AWS puts what a stream's mapping gives up into the stack's bucket for it, whole. This hands each of these batches to
the function that gave it up again, oldest first, and removes those that it took. An event has the same id each time
it is announced, so a subscriber that had got it before gets it once; and usage is counted once. Uses the caller's own
AWS credentials and region.
"""

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from tools.errors import LocalError
from tools.report import complain, say

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sqs import SQSClient

type Batch = Mapping[str, Any]
type Reader = Callable[[Batch, str], bool]
"""Hands a batch to the function with that ARN, the relay if it is empty; says whether all of it was taken."""


@dataclass(frozen=True, slots=True)
class Replayed:
    """How many batches were taken, and the names of those that still are not."""

    taken: int
    left: tuple[str, ...]


def main() -> int:
    """Replay what there is, or list it, or say in one line why not."""
    parser = argparse.ArgumentParser(prog="python -m tools.replay_events", description=__doc__)
    parser.add_argument("stack", help="the CloudFormation stack's name")
    parser.add_argument("--dry-run", action="store_true", help="only list what would be replayed")
    arguments = parser.parse_args()
    try:
        return _run(arguments.stack, dry_run=arguments.dry_run)
    except (ClientError, BotoCoreError, KeyError, LocalError) as error:
        complain(f"{arguments.stack}: {error}; are the name, your AWS credentials and your region right?")
        return 1


def _run(stack: str, *, dry_run: bool) -> int:
    stacks = boto3.client("cloudformation").describe_stacks(StackName=stack)["Stacks"]
    outputs = {output["OutputKey"]: output["OutputValue"] for output in stacks[0].get("Outputs", [])}
    s3, bucket = boto3.client("s3"), outputs["BucketUnrelayedEvents"]
    if dry_run:
        names = list(given_up(s3, bucket))
        say("\n".join([*names, f"{len(names)} batches"]))
        return 0
    replayed = replay(s3, bucket, reader_of(boto3.client("lambda"), outputs["FunctionEventsRelay"]))
    for name in replayed.left:
        complain(f"still not taken: {name}")
    if not replayed.left:
        forget(boto3.client("sqs"), outputs["QueueUnrelayedEventsUrl"])
    say(f"{replayed.taken} batches replayed, {len(replayed.left)} left")
    return 1 if replayed.left else 0


def given_up(s3: "S3Client", bucket: str) -> Iterator[str]:
    """The names of the batches in the bucket, oldest first within each mapping."""
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket):
        yield from (found["Key"] for found in page.get("Contents", ()))


def replay(s3: "S3Client", bucket: str, read: Reader) -> Replayed:
    """Hand on every batch of the bucket; those that were taken are removed."""
    taken, left = 0, []
    for name in list(given_up(s3, bucket)):
        if read(*_batch(s3.get_object(Bucket=bucket, Key=name)["Body"].read())):
            s3.delete_object(Bucket=bucket, Key=name)
            taken += 1
        else:
            left.append(name)
    return Replayed(taken, tuple(left))


def reader_of(client: "LambdaClient", relay: str) -> Reader:
    """The stack's own functions."""

    def read(batch: Batch, function: str) -> bool:
        answer = client.invoke(FunctionName=function or relay, Payload=json.dumps(batch).encode())
        taken = not answer.get("FunctionError")
        return taken and not json.loads(answer["Payload"].read())["batchItemFailures"]

    return read


def forget(sqs: "SQSClient", url: str) -> None:
    """Take the notices of what was given up off their queue, so that the next one is an alarm again."""
    while messages := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        for message in messages:
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])


def _batch(data: bytes) -> tuple[Batch, str]:
    """The event in what AWS stored, metadata with the event as text in `payload`; and the ARN of whose it was."""
    stored = json.loads(data)
    payload = stored["payload"]
    batch: Batch = json.loads(payload) if isinstance(payload, str) else payload
    if "Records" not in batch:
        raise LocalError("an object in the bucket is no batch of a stream")
    return batch, stored.get("requestContext", {}).get("functionArn", "")


if __name__ == "__main__":
    sys.exit(main())
