"""Manifests in their table, their files in the bucket and their queue: in memory and on AWS."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from botocore.stub import Stubber

from darkroom.adapters import queue_messages as wire
from darkroom.adapters.aws_errors import AwsRefused
from darkroom.adapters.dynamodb.jobs import DynamoJobs
from darkroom.adapters.dynamodb.keys import Tables
from darkroom.adapters.dynamodb.manifests import DynamoManifests
from darkroom.adapters.dynamodb.store import DynamoStore
from darkroom.adapters.s3 import client_config
from darkroom.adapters.s3_manifests import S3ManifestFiles
from darkroom.adapters.sqs_manifests import SqsManifestQueue
from darkroom.domain.errors import InvalidParam, Unavailable
from darkroom.domain.manifests.manifest import ManifestStatus, OpenSegment, Position, Tally
from darkroom.domain.manifests.messages import ManifestMessage
from darkroom.domain.paging import PageRequest
from darkroom.domain.writes import SaveManifest, WriteRefused
from darkroom.ports.manifests import ManifestFiles, ManifestQueue, Manifests, SourceChanged, SourceFile
from darkroom.ports.storage import Store
from tests.contract.conftest import REGION
from tests.contract.examples import MINUTE, NOW, OWNER, STRANGER, TEST_OWNER, manifest, object_id
from tests.fakes import FakeBlobs, FakeManifestFiles, FakeManifestQueue, FakeManifests, FakeStore, Memory

FULL = replace(
    manifest()
    .started("etag", 7, NOW, NOW + MINUTE)
    .expanded(Position(5, 3, 1, ("a", "é")), OpenSegment(0, 2, 3, 1, 1), Tally(invalid=1))
    .parked("insufficient_credits", "Short.", NOW),
    version=1,
)


@dataclass(frozen=True)
class Kept:
    """A store and what it keeps of manifests."""

    store: Store
    manifests: Manifests

    def save(self, *some: Any) -> None:
        for one in some:
            self.store.commit(SaveManifest(one))


@pytest.fixture(params=["fake", "dynamo"])
def kept(request: pytest.FixtureRequest) -> Kept:
    if request.param == "fake":
        memory = Memory()
        return Kept(FakeStore(memory), FakeManifests(memory))
    client, tables = request.getfixturevalue("dynamodb"), request.getfixturevalue("tables")
    return Kept(DynamoStore(client, tables), DynamoManifests(client, tables.jobs))


def test_a_manifest_comes_back_as_it_was_saved(kept: Kept) -> None:
    kept.save(manifest(), replace(FULL, version=2))
    assert kept.manifests.get(OWNER, FULL.id) == replace(FULL, version=2)
    for owner in (STRANGER, TEST_OWNER):
        assert kept.manifests.get(owner, FULL.id) is None


@pytest.mark.parametrize("version", [1, 3])
def test_a_version_out_of_turn_is_refused_and_told_what_is_there(kept: Kept, version: int) -> None:
    kept.save(manifest())
    with pytest.raises(WriteRefused) as refused:
        kept.save(manifest(version=version))
    assert refused.value.current == manifest()


def test_only_the_first_version_may_be_new(kept: Kept) -> None:
    with pytest.raises(WriteRefused) as refused:
        kept.save(manifest(version=2))
    assert refused.value.current is None


def test_lists_have_an_owners_manifests_in_order(kept: Kept) -> None:
    kept.save(manifest(2), manifest(1), manifest(3), manifest(4, owner=TEST_OWNER))
    page = kept.manifests.list(OWNER, PageRequest(limit=2))
    assert ([it.id for it in page.items], page.has_more) == ([object_id(3), object_id(2)], True)
    rest = kept.manifests.list(OWNER, PageRequest(limit=2, after=object_id(2)))
    assert ([it.id for it in rest.items], rest.has_more) == ([object_id(1)], False)


def test_lists_are_by_time_whatever_the_ids_and_begin_after_what_is_in_them(kept: Kept) -> None:
    for place, number in enumerate((3, 1, 2)):
        kept.save(manifest(number, created_at=NOW + place * timedelta(microseconds=1)))
    newest = kept.manifests.list(OWNER, PageRequest(limit=2))
    assert [it.id for it in newest.items] == [object_id(2), object_id(1)]
    oldest = kept.manifests.list(OWNER, PageRequest(after=object_id(3), newest_first=False))
    assert [it.id for it in oldest.items] == [object_id(1), object_id(2)]
    with pytest.raises(InvalidParam) as refused:
        kept.manifests.list(OWNER, PageRequest(after=object_id(9)))
    assert refused.value.param == "starting_after"


def test_the_parked_are_found_by_their_owner(kept: Kept) -> None:
    parked = manifest(1, status=ManifestStatus.PARKED)
    kept.save(parked, manifest(2), manifest(3, owner=TEST_OWNER, status=ManifestStatus.PARKED))
    assert list(kept.manifests.parked(OWNER, 10)) == [parked]
    assert not kept.manifests.parked(STRANGER, 10)


def test_the_due_are_found_while_they_are_open(kept: Kept) -> None:
    kept.save(
        manifest(1, check_at=NOW),
        manifest(2, check_at=NOW - MINUTE),
        manifest(3, check_at=NOW + MINUTE),
        manifest(4, check_at=NOW - MINUTE, status=ManifestStatus.COMPLETED),
    )
    assert [it.id for it in kept.manifests.due(NOW, 10).items] == [object_id(2), object_id(1)]
    assert [it.id for it in kept.manifests.due(NOW, 1).items] == [object_id(2)]


def test_whoever_looks_for_due_jobs_meets_no_manifest(dynamodb: Any, tables: Tables) -> None:
    DynamoStore(dynamodb, tables).commit(SaveManifest(manifest(check_at=NOW)))
    jobs = DynamoJobs(dynamodb, tables.jobs)
    assert not jobs.due(NOW, 10).items
    assert not jobs.list(OWNER, PageRequest()).items


# ------------------------------------------------------------------ files

BUCKET = "manifests-test"
KEY = "manifests/w/live/a b.csv"
DATA = b"name\nA\n"


@pytest.fixture
def s3(aws: Any) -> Iterator[Any]:
    client = aws("s3", config=client_config())
    client.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
    yield client
    for found in client.list_objects_v2(Bucket=BUCKET).get("Contents", []):
        client.delete_object(Bucket=BUCKET, Key=found["Key"])
    client.delete_bucket(Bucket=BUCKET)


@dataclass(frozen=True)
class Bucket:
    """Files, and how others change them."""

    files: ManifestFiles
    put: Callable[[str, bytes, dict[str, str]], SourceFile]
    delete: Callable[[str], None]


@pytest.fixture(params=["fake", "s3"])
def bucket(request: pytest.FixtureRequest) -> Bucket:
    if request.param == "fake":
        blobs = FakeBlobs()
        fake = FakeManifestFiles(blobs)
        return Bucket(fake, fake.put, blobs.delete)
    client = request.getfixturevalue("s3")

    def put(key: str, data: bytes, metadata: dict[str, str]) -> SourceFile:
        etag = client.put_object(Bucket=BUCKET, Key=key, Body=data, Metadata=metadata)["ETag"]
        return SourceFile(etag.strip('"'), len(data), metadata)

    return Bucket(
        S3ManifestFiles(client, BUCKET), put, lambda key: client.delete_object(Bucket=BUCKET, Key=key)
    )


def test_a_file_is_described_with_what_was_said_of_it(bucket: Bucket) -> None:
    assert bucket.files.describe(KEY) is None
    put = bucket.put(KEY, DATA, {"template-id": "t"})
    assert bucket.files.describe(KEY) == put


@pytest.mark.parametrize(("offset", "length", "data"), [(0, 7, DATA), (5, 2, b"A\n"), (5, 100, b"A\n")])
def test_ranges_of_an_upload(bucket: Bucket, offset: int, length: int, data: bytes) -> None:
    etag = bucket.put(KEY, DATA, {}).etag
    assert bucket.files.read(KEY, etag, offset, length) == data


def test_another_upload_or_none_is_not_read(bucket: Bucket) -> None:
    etag = bucket.put(KEY, DATA, {}).etag
    bucket.put(KEY, b"something else\n", {})
    with pytest.raises(SourceChanged):
        bucket.files.read(KEY, etag, 0, 5)
    bucket.delete(KEY)
    with pytest.raises(SourceChanged):
        bucket.files.read(KEY, etag, 0, 5)


def test_an_upload_says_where_how_and_until_when(bucket: Bucket) -> None:
    upload = bucket.files.upload(KEY, "text/csv", 7, now=NOW, expires_seconds=60)
    assert (upload.method, upload.expires_at) == ("PUT", NOW + MINUTE)
    assert upload.headers == {"Content-Type": "text/csv", "Content-Length": "7", "If-None-Match": "*"}


def test_an_uploads_size_type_and_novelty_are_signed(s3: Any) -> None:
    upload = S3ManifestFiles(s3, BUCKET).upload(KEY, "text/csv", 7, now=NOW, expires_seconds=60)
    query = parse_qs(urlsplit(upload.url).query)
    assert query["X-Amz-Expires"] == ["60"]
    assert {"content-length", "content-type", "if-none-match"} <= set(
        query["X-Amz-SignedHeaders"][0].split(";")
    )


@pytest.mark.parametrize(("code", "error"), [("SlowDown", Unavailable), ("AccessDenied", AwsRefused)])
def test_errors_of_the_bucket(s3: Any, code: str, error: type[Exception]) -> None:
    files = S3ManifestFiles(s3, BUCKET)
    with Stubber(s3) as stub:
        stub.add_client_error("head_object", code)
        stub.add_client_error("get_object", code)
        with pytest.raises(error):
            files.describe(KEY)
        with pytest.raises(error):
            files.read(KEY, "e", 0, 1)


# ------------------------------------------------------------------ the queue

MESSAGES = [ManifestMessage(OWNER, object_id(1), 3), ManifestMessage(TEST_OWNER, object_id(2), 0)]


@pytest.fixture(params=["fake", "sqs"])
def queue(
    request: pytest.FixtureRequest,
) -> Iterator[tuple[ManifestQueue, Callable[[], list[ManifestMessage]]]]:
    if request.param == "fake":
        fake = FakeManifestQueue()
        yield fake, lambda: [it.message for it in fake.sent]
        return
    client = request.getfixturevalue("aws")("sqs")
    url = client.create_queue(QueueName="manifests-test")["QueueUrl"]

    def received() -> list[ManifestMessage]:
        found = client.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
        return [wire.manifest_from_json(it["Body"]) for it in found]

    yield SqsManifestQueue(client, url), received
    client.delete_queue(QueueUrl=url)


def test_messages_arrive(queue: tuple[ManifestQueue, Callable[[], list[ManifestMessage]]]) -> None:
    sending, received = queue
    sending.send(MESSAGES)
    assert sorted(received(), key=lambda it: it.manifest_id) == MESSAGES


def test_a_function_without_the_queues_address_cannot_send(aws: Any) -> None:
    with pytest.raises(LookupError):
        SqsManifestQueue(aws("sqs"), "").send(MESSAGES)
