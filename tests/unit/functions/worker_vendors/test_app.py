"""The worker's handler on emulated AWS: what a vendor's picture costs in calls, and what becomes of the slot."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from typing import Any, cast

import boto3
import pytest
from moto import mock_aws

from darkroom.adapters.clients import session
from darkroom.adapters.queue_messages import task_to_json
from darkroom.catalog_data import memes
from darkroom.domain.accounts.rate_limits import RatePolicy
from darkroom.domain.accounts.workspaces import Feature, Owner
from darkroom.domain.jobs.job import JobStatus
from darkroom.domain.jobs.messages import TaskMessage
from darkroom.domain.jobs.spec import ImageSpec, Input
from darkroom.domain.media.sniffing import Media, sniff
from darkroom.services.accounts.api_keys import KeyRequest
from darkroom.services.jobs.submit_job import Submission
from darkroom.settings import Settings
from darkroom.wiring import Container, override
from tests.contract.calls import counted
from tests.contract.tables import create_tables
from tests.harness.triggers import CONTEXT, sqs_event
from tests.harness.vendors import FakeVendor
from tests.unit.graphics.pictures import checker, encoded
from worker_vendors.app import handler


@pytest.fixture
def core(monkeypatch: pytest.MonkeyPatch) -> Iterator[Container]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "x")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setenv("POWERTOOLS_METRICS_NAMESPACE", "Darkroom")
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", "worker_vendors")
    with mock_aws():
        session.cache_clear()
        tables, own = create_tables(boto3.client("dynamodb")), uuid.uuid4().hex
        boto3.client("s3").create_bucket(Bucket=own)
        made = Container(
            Settings(
                stage="local",
                table_accounts=tables.accounts,
                table_jobs=tables.jobs,
                table_assets=tables.assets,
                bucket_media=own,
                queue_vendors_url=boto3.client("sqs").create_queue(QueueName=own)["QueueUrl"],
                vendors="openai,google,fal",
            )
        )
        made._engines = {name: FakeVendor(name, made.clock) for name in made.vendors}
        with override(made):
            yield made
        session.cache_clear()


def submitted(core: Container, *inputs: Input) -> TaskMessage:
    workspace = core.open_workspace("w", plan="pro", credits=9, allowances={Feature.IMAGES: 99})
    token = core.issue_key(workspace.id, KeyRequest("k"))[1]
    caller = core.authenticate(token, RatePolicy("p", 99))
    job = core.submit_job(caller, Submission(memes.IMAGE, ImageSpec("a kite", "1:1", inputs=inputs)))
    assert [route.engine for route in job.routes] == ["openai", "google", "fal"]
    return TaskMessage(Owner(workspace.id, True), job.id, 0)


def test_one_picture_is_four_calls_and_gives_its_slot_back(core: Container) -> None:
    message = submitted(core)
    core.blobs  # noqa: B018 - clients are made once per process
    with counted(core.dynamodb, core.s3, core.sqs) as calls:
        answer = handler(sqs_event([task_to_json(message)]), CONTEXT)
    assert answer == {"batchItemFailures": []}
    assert calls == {"UpdateItem": 2, "PutObject": 1, "TransactWriteItems": 1}
    job = core.jobs.get(message.owner, message.job_id)
    assert job is not None
    assert job.status is JobStatus.SUCCEEDED
    assert job.tasks[0].vendor_facts.vendor == "openai"
    row = core.dynamodb.get_item(
        TableName=core.settings.table_accounts, Key={"pk": {"S": "GATE#openai"}, "sk": {"S": "GATE"}}
    )["Item"]
    assert set(row) == {"pk", "sk"}


@pytest.mark.parametrize("kind", ["GIF", "BMP"])
def test_a_vendor_gets_a_rare_picture_as_png(core: Container, kind: str) -> None:
    location = f"media/uploads/a.{kind.lower()}"
    core.blobs.put(location, encoded(checker(8, 6, 2), kind), f"image/{kind.lower()}")
    handler(sqs_event([task_to_json(submitted(core, Input("source", location, stored=True)))]), CONTEXT)
    (request,) = cast("FakeVendor", (core._engines or {})["openai"]).requests
    (file,) = request.input_files
    assert sniff(file.data) == Media("image/png", 8, 6)
    assert f"inputs/{request.job.id}/0.png" in file.url


def test_what_is_measured_is_written_for_cloudwatch(
    core: Container, capsys: pytest.CaptureFixture[str]
) -> None:
    handler(sqs_event([task_to_json(submitted(core))]), CONTEXT)
    metrics = [json.loads(line) for line in capsys.readouterr().out.splitlines() if '"_aws"' in line]
    starts = next(one for one in metrics if "VendorStarts" in one)
    dimensions: Any = starts["_aws"]["CloudWatchMetrics"][0]["Dimensions"]
    assert starts["_aws"]["CloudWatchMetrics"][0]["Namespace"] == "Darkroom"
    assert {frozenset(one) for one in dimensions} == {frozenset({"vendor", "route", "service"})}
    assert (starts["vendor"], starts["route"]) == ("openai", "gpt-image-2")
    core.meter.count("AccountTrouble")
    alone = json.loads(capsys.readouterr().out)
    assert alone["_aws"]["CloudWatchMetrics"][0]["Dimensions"] == [["service"]]
