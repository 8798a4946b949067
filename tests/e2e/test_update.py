"""A stack that earlier code made is updated in place, and all that is in it goes on.

The earlier template's tables, bucket, secrets and queues are deployed and filled with what ``tests/compatibility``
keeps of the earlier code: rows, files, and the messages that were under way. Then today's template is deployed over
them, as ``make up`` does. What is kept is moved to the present, because deadlines are real here.
"""

from __future__ import annotations

import base64
import json
import re
import time
from collections.abc import Collection, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from darkroom.domain.master_secret import MasterSecret
from darkroom.http.links import Links
from local.doubles.all import doubles
from local.emulator import deploy
from local.emulator.stack import Stack
from tests.compatibility.conftest import stored
from tests.e2e.client import Client
from tests.e2e.conftest import free_port
from tests.e2e.samples import picture
from tests.e2e.uploading import uploaded
from tests.unit.template.source import read
from tools.build import build
from tools.paths import LOCAL

BEFORE = "tests/compatibility/stored/template.yaml"
# All that keeps anything. What has no state is today's alone.
KEPT = (
    "AWS::DynamoDB::Table",
    "AWS::S3::Bucket",
    "AWS::SecretsManager::Secret",
    "AWS::SQS::Queue",
    "AWS::Events::EventBus",
)
QUEUES = {
    "generation": "GenerationQueue",
    "render": "RenderQueue",
    "video": "VideoQueue",
    "deliveries": "DeliveriesQueue",
}
# Nobody worked while the stack was updated, and for longer than the longest lease: housekeeping leaves alone what a
# worker may still hold. Most deadlines are ten minutes after the request.
STOPPED_FOR = timedelta(minutes=6)
FORWARD_AFTER = 60  # seconds until the deadlines of what still waits for a vendor are brought forward
PATIENCE = 150  # seconds until all that was under way must have ended
TERMINAL = {"succeeded", "partial", "failed", "canceled"}


@dataclass(frozen=True)
class Updated:
    """The stack after its update, and the physical ids of what it kept as they were before."""

    stack: Stack
    before: Mapping[str, str]
    http: httpx.Client

    def table(self, name: str) -> str:
        return self.before[f"{name.capitalize()}Table"]

    def rows(self, table: str) -> list[dict[str, Any]]:
        """All rows of a table, as they are stored."""
        pages = self.stack.clients.dynamodb.get_paginator("scan").paginate(TableName=self.table(table))
        return [item for page in pages for item in page["Items"]]

    def client(self, key: str) -> Client:
        return Client(self.stack.base_url, key, self.http)

    def bring_deadlines_forward(self, job_ids: Collection[str]) -> None:
        """Let these jobs' time be up, instead of waiting for it."""
        past = datetime.now(UTC) - timedelta(seconds=1)
        for row in self.rows("jobs"):
            if row["id"]["S"] in job_ids:
                self.stack.clients.dynamodb.update_item(
                    TableName=self.table("jobs"),
                    Key={"pk": row["pk"], "sk": row["sk"]},
                    UpdateExpression="SET deadline_at = :moment, check_at = :seconds",
                    ExpressionAttributeValues={
                        ":moment": {"S": past.isoformat()},
                        ":seconds": {"N": str(past.timestamp())},
                    },
                )

    def sweep(self) -> None:
        """One round of housekeeping now, rather than with the next tick."""
        names = deploy.resources(self.stack.clients, "AWS::Lambda::Function")
        self.stack.clients.functions.invoke(FunctionName=names["Housekeeping"], Payload=b"{}")


# ---------------------------------------------------------------------- the earlier stack


def earlier_template() -> dict[str, Any]:
    """What the earlier template says of all that keeps anything."""
    template = read(BEFORE)
    resources = {
        name: resource for name, resource in template["Resources"].items() if resource["Type"] in KEPT
    }
    parts = {name: template[name] for name in ("AWSTemplateFormatVersion", "Parameters", "Conditions")}
    return {**parts, "Resources": resources}


def physical_ids(stack: Stack) -> dict[str, str]:
    return {name: id_ for kind in KEPT for name, id_ in deploy.resources(stack.clients, kind).items()}


def make_earlier(stack: Stack) -> dict[str, str]:
    """Deploy the earlier stack; what it made, by logical id."""
    stack.clients.cloudformation.create_stack(
        StackName=deploy.STACK,
        TemplateBody=json.dumps(earlier_template()),
        Parameters=[{"ParameterKey": "Stage", "ParameterValue": "local"}],
    )
    stack.clients.cloudformation.get_waiter("stack_create_complete").wait(
        StackName=deploy.STACK, WaiterConfig={"Delay": 1, "MaxAttempts": 60}
    )
    return physical_ids(stack)


def fill(stack: Stack, made: Mapping[str, str], kept: Mapping[str, Any]) -> None:
    """Put in all that was stored and under way."""
    clients = stack.clients
    for table, rows in kept["tables"].items():
        for row in rows:
            clients.dynamodb.put_item(TableName=made[f"{table.capitalize()}Table"], Item=row)
    for key, (data, mime) in kept["objects"].items():
        body = base64.b64decode(data)
        clients.s3.put_object(Bucket=made["MediaBucket"], Key=key, Body=body, ContentType=mime)
    for message in kept["messages"]:
        clients.sqs.send_message(QueueUrl=made[QUEUES[message["queue"]]], MessageBody=message["body"])


def in_the_present(kept: Any) -> Any:
    """The same, its every moment moved to now."""
    then = datetime.fromisoformat(kept["at"])
    moved = datetime.now(UTC) - STOPPED_FOR - then

    def moment(found: re.Match[str]) -> str:
        return (datetime.fromisoformat(found.group()) + moved).isoformat()

    def moved_value(value: Any) -> Any:
        if isinstance(value, dict):
            if set(value) == {"N"} and 1.7e9 < float(value["N"]) < 1.9e9:  # seconds of these years
                return {"N": str(float(value["N"]) + moved.total_seconds())}
            return {name.replace(*days): moved_value(inside) for name, inside in value.items()}
        if isinstance(value, list):
            return [moved_value(inside) for inside in value]
        return (
            re.sub(r"\d{4}-\d\d-\d\dT[\d:.]+(?:\+00:00|Z)", moment, value)
            if isinstance(value, str)
            else value
        )

    days = (f"{then:%Y%m%d}", f"{then + moved:%Y%m%d}")  # that units of an allowance are counted by
    return {**kept, "tables": moved_value(kept["tables"])}


@pytest.fixture(autouse=True)
def errors_in_functions() -> None:
    """Not those of the stack that the other tests share, which need not be up for these."""


@pytest.fixture(scope="module")
def updated() -> Iterator[Updated]:
    stack = Stack(free_port(), LOCAL / "e2e-update", auth=True)
    with ExitStack() as until_the_end:
        vendors = until_the_end.enter_context(doubles())
        stack.wipe()
        until_the_end.callback(stack.down)
        stack.server.start()
        made = make_earlier(stack)
        fill(stack, made, in_the_present(stored("in_flight")))
        stack.up(vendors)
        yield Updated(stack, made, until_the_end.enter_context(httpx.Client(timeout=60)))


# ------------------------------------------------------------------------------- afterwards


def test_nothing_that_keeps_anything_was_replaced(updated: Updated) -> None:
    after = physical_ids(updated.stack)
    assert updated.before.items() <= after.items()
    assert set(after) - set(updated.before) == {
        *("BulkRenderQueue", "BulkRenderDeadLetters"),
        *("PreviewQueue", "PreviewDeadLetters"),
        *("ManifestQueue", "ManifestDeadLetters"),
        *("BillingQueue", "BillingDeadLetters"),
        *("MailQueue", "MailDeadLetters"),
        *("ReconcileQueue", "ReconcileDeadLetters"),
        *("UnrelayedEvents", "UsageTable"),
        *("SandboxQueue", "SandboxDeadLetters"),
        *("UploadsQueue", "UploadsDeadLetters"),
    }


def test_all_that_was_under_way_ends(updated: Updated) -> None:
    """A vendor's double does not know work of before: what still waits for one ends by its deadline."""
    begun = time.monotonic()
    while left := [row["id"]["S"] for row in updated.rows("jobs") if row["status"]["S"] not in TERMINAL]:
        waited = time.monotonic() - begun
        assert waited < PATIENCE, left
        if waited > FORWARD_AFTER:
            updated.bring_deadlines_forward(left)
        updated.sweep()
        time.sleep(5)
    ended = {row["id"]["S"]: row["status"]["S"] for row in updated.rows("jobs")}
    jobs = stored("in_flight")["open"]
    # On the queue that is the renders' alone today, there were tasks for the sandbox: they were sent on.
    for name in ("test", "agent video, test", "batch, not expanded", "chunk", "chunk under lease"):
        assert ended[jobs[name]] == "succeeded", name


def test_every_wallet_balances_and_holds_nothing(updated: Updated) -> None:
    columns = ("granted", "available", "held", "spent", "expired", "reversed")
    wallets: dict[str, dict[str, int]] = {}
    sums: dict[str, dict[str, int]] = {}
    for row in updated.rows("accounts"):
        kind, _, owner = row["pk"]["S"].partition("#")
        if kind == "WALLET":
            wallets[owner] = {column: _amount(row, column) for column in columns}
        elif kind == "LEDGER":
            total = sums.setdefault(owner, dict.fromkeys(columns, 0))
            for column in columns:
                total[column] += _amount(row, column)
    assert len(wallets) > 2
    for owner, wallet in wallets.items():
        assert wallet["granted"] == sum(wallet[column] for column in columns[1:]), owner
        assert wallet["held"] == 0, owner
        assert wallet == sums[owner], owner


def _amount(row: Mapping[str, Any], column: str) -> int:
    """What a row has in a column; it may be older than the column."""
    return int(row.get(column, {"N": "0"})["N"])


def test_its_files_are_served_at_the_addresses_they_had(updated: Updated) -> None:
    arn = updated.before["MasterSecret"]
    master = MasterSecret.only(
        updated.stack.clients.secrets.get_secret_value(SecretId=arn)["SecretString"].encode()
    )
    key, (data, mime) = next(
        (key, kept) for key, kept in stored("in_flight")["objects"].items() if "/live/" in key
    )
    address = Links(updated.stack.base_url, lambda: master, lambda: datetime.now(UTC)).file(key)
    answer = updated.http.get(address, follow_redirects=True)
    assert (answer.status_code, answer.headers["content-type"]) == (200, mime)
    assert answer.content == base64.b64decode(data)


def test_its_keys_open_it(updated: Updated) -> None:
    token = stored("views")["/memes/v1/account"]["token"]
    account = updated.client(token).get("/memes/v1/account")["account"]
    assert account["id"] == stored("in_flight")["messages"][0]["group"]


def test_its_bucket_takes_uploads(updated: Updated) -> None:
    """The bucket got its notifications, and the assets' table its stream, where they were."""
    client = updated.client(updated.stack.info().keys["memes_live"])
    assert uploaded(client, picture(), "image/png")["status"] == "ready"


def test_without_the_sandbox_it_goes_on_without_it(updated: Updated) -> None:
    stack = updated.stack
    choices = {"Sandbox": "false", "SandboxFallback": "false"}
    deploy.deploy(stack.clients, stack.base_url, build(), choices)
    functions = deploy.resources(stack.clients, "AWS::Lambda::Function")
    assert "WorkerRenderer" in functions
    assert not {
        name
        for name in (*functions, *deploy.resources(stack.clients, "AWS::SQS::Queue"))
        if "Sandbox" in name
    }
    assert "VideoQueue" not in deploy.resources(stack.clients, "AWS::SQS::Queue")
    assert "QueueSandboxUrl" not in stack.outputs()

    test_key = updated.client(stack.info().keys["memes_test"])
    refused = test_key.call("POST", "/memes/v1/images", {"prompt": "a kite"})
    assert refused.status_code == 503
    assert "deployed without the sandbox" in refused.json()["error"]["message"]

    template = updated.client(stack.info().keys["memes_test"]).get("/pixeldrive/v1/templates")["data"][0][
        "id"
    ]
    rendered = test_key.call(
        "POST", "/pixeldrive/v1/render", {"templateId": template, "payload": {}, "preview": True}
    )
    assert rendered.status_code == 200, rendered.text
