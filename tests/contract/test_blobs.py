"""Bytes by key, in memory and in S3."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from tempfile import SpooledTemporaryFile
from typing import IO, Any, cast
from urllib.parse import parse_qs, urlsplit

import pytest
from botocore.stub import Stubber

from darkroom.adapters import clients
from darkroom.adapters.aws_errors import AwsRefused
from darkroom.adapters.s3 import S3Blobs, client_config
from darkroom.domain.errors import NotFound, Unavailable
from darkroom.ports.storage import Blobs
from tests.contract.conftest import REGION
from tests.fakes import FakeBlobs

BUCKET = "media-test"
KEY = "media/w/live/j/a b.png"
SHA = hashlib.sha256(b"abc").hexdigest()


@pytest.fixture
def s3(aws: Any) -> Iterator[Any]:
    client = aws("s3", config=client_config())
    client.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
    yield client
    for found in client.list_objects_v2(Bucket=BUCKET).get("Contents", []):
        client.delete_object(Bucket=BUCKET, Key=found["Key"])
    client.delete_bucket(Bucket=BUCKET)


@pytest.fixture(params=["fake", "s3"])
def blobs(request: pytest.FixtureRequest) -> Blobs:
    return FakeBlobs() if request.param == "fake" else S3Blobs(request.getfixturevalue("s3"), BUCKET)


@pytest.mark.parametrize("data", [b"", b"\x89PNG\r\n\x1a\n\x00\xff"])
def test_bytes_come_back(blobs: Blobs, data: bytes) -> None:
    blobs.put(KEY, data, "image/png")
    assert blobs.get(KEY) == data


def test_a_file_is_stored_from_where_it_stands(blobs: Blobs) -> None:
    with SpooledTemporaryFile(max_size=10) as file:
        file.write(bytes(100))
        file.seek(0)
        blobs.put(KEY, cast("IO[bytes]", file), "video/mp4")
    assert blobs.get(KEY) == bytes(100)


def test_the_same_key_holds_what_was_put_last(blobs: Blobs) -> None:
    blobs.put(KEY, b"1", "image/png")
    blobs.put(KEY, b"2", "image/png")
    assert blobs.get(KEY) == b"2"


def test_what_is_not_there_is_not_found(blobs: Blobs) -> None:
    with pytest.raises(NotFound):
        blobs.get(KEY)
    blobs.put(KEY, b"1", "image/png")
    blobs.delete(KEY)
    blobs.delete(KEY)
    with pytest.raises(NotFound):
        blobs.get(KEY)


def test_a_part_is_read_alone(blobs: Blobs) -> None:
    blobs.put(KEY, b"0123456789", "text/plain")
    assert [blobs.get_range(KEY, 0, 3), blobs.get_range(KEY, 7, 3)] == [b"012", b"789"]
    with pytest.raises(NotFound):
        blobs.get_range("other", 0, 3)


def test_what_is_too_large_is_not_transferred(blobs: Blobs) -> None:
    blobs.put(KEY, b"12345", "image/png")
    assert blobs.get_within(KEY, 5) == b"12345"
    assert blobs.get_within(KEY, 4) is None
    with pytest.raises(NotFound):
        blobs.get_within("media/w/live/j/other.png", 5)


def test_what_is_there_exists(blobs: Blobs) -> None:
    blobs.put(KEY, b"1", "image/png")
    assert blobs.exists(KEY)
    assert not blobs.exists("media/w/live/j/other.png")


def test_a_presigned_url_names_the_object_and_its_life(blobs: Blobs) -> None:
    url = urlsplit(blobs.presigned_get(KEY, expires_seconds=120))
    assert url.scheme == "https"
    assert url.path.endswith("/media/w/live/j/a%20b.png")
    assert parse_qs(url.query)["X-Amz-Expires"] == ["120"]


def test_a_presigned_upload_is_bound_to_size_type_and_checksum(blobs: Blobs) -> None:
    upload = blobs.presigned_put(KEY, mime="image/png", size=3, checksum=SHA, expires_seconds=120)
    url = urlsplit(upload.url)
    query = parse_qs(url.query)
    assert upload.method == "PUT"
    assert upload.headers == {
        "Content-Type": "image/png",
        "Content-Length": "3",
        "x-amz-checksum-sha256": "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=",
    }
    assert url.path.endswith("/media/w/live/j/a%20b.png")
    assert query["X-Amz-Expires"] == ["120"]
    assert query["X-Amz-SignedHeaders"] == ["content-length;content-type;host;x-amz-checksum-sha256"]


# ----------------------------------------------------------------- S3 itself


def test_the_type_is_kept_with_the_bytes(s3: Any) -> None:
    S3Blobs(s3, BUCKET).put(KEY, b"1", "video/mp4")
    assert s3.head_object(Bucket=BUCKET, Key=KEY)["ContentType"] == "video/mp4"


def test_presigned_urls_are_signed_for_the_buckets_region(s3: Any) -> None:
    query = parse_qs(urlsplit(S3Blobs(s3, BUCKET).presigned_get(KEY, expires_seconds=60)).query)
    assert query["X-Amz-Algorithm"] == ["AWS4-HMAC-SHA256"]
    assert f"/{REGION}/s3/" in query["X-Amz-Credential"][0]


@pytest.mark.parametrize("region", ["us-east-1", "us-west-2", "eu-central-1", "cn-north-1"])
def test_presigned_urls_name_the_buckets_own_host_in_its_region(region: str) -> None:
    client = clients.session().create_client(
        "s3",
        region_name=region,
        aws_access_key_id="testing",
        aws_secret_access_key="testing",
        config=clients.LEAN.merge(client_config()),
    )
    blobs = S3Blobs(cast("Any", client), BUCKET)
    upload = blobs.presigned_put(KEY, mime="image/png", size=3, checksum=SHA, expires_seconds=60)
    suffix = ".cn" if region.startswith("cn-") else ""
    for url in (blobs.presigned_get(KEY, expires_seconds=60), upload.url):
        assert urlsplit(url).netloc == f"{BUCKET}.s3.{region}.amazonaws.com{suffix}"


def test_a_local_endpoint_keeps_the_bucket_in_the_path() -> None:
    client = clients.session().create_client(
        "s3",
        region_name=REGION,
        endpoint_url="http://127.0.0.1:4566",
        aws_access_key_id="testing",
        aws_secret_access_key="testing",
        config=client_config(),
    )
    url = urlsplit(S3Blobs(cast("Any", client), BUCKET).presigned_get(KEY, expires_seconds=60))
    assert (url.netloc, url.path) == ("127.0.0.1:4566", f"/{BUCKET}/media/w/live/j/a%20b.png")


def test_a_bucket_that_is_busy_and_one_that_is_forbidden_are_told_apart(s3: Any) -> None:
    with Stubber(s3) as stub:
        stub.add_client_error("get_object", "SlowDown", http_status_code=503)
        with pytest.raises(Unavailable):
            S3Blobs(s3, BUCKET).get(KEY)
        stub.add_client_error("put_object", "AccessDenied", http_status_code=403)
        with pytest.raises(AwsRefused):
            S3Blobs(s3, BUCKET).put(KEY, b"x", "image/png")


@pytest.mark.parametrize("code", ["AccessDenied", "403"])
def test_what_a_role_that_may_not_list_is_told_of_a_missing_object_is_that_it_is_missing(
    s3: Any, code: str, caplog: pytest.LogCaptureFixture
) -> None:
    reads: list[tuple[str, Callable[[S3Blobs], object]]] = [
        ("get_object", lambda blobs: blobs.get(KEY)),
        ("get_object", lambda blobs: blobs.get_range(KEY, 0, 1)),
        ("get_object", lambda blobs: blobs.get_within(KEY, 10)),
    ]
    with Stubber(s3) as stub:
        for operation, read in reads:
            stub.add_client_error(operation, code, http_status_code=403)
            with pytest.raises(NotFound):
                read(S3Blobs(s3, BUCKET))
        stub.add_client_error("head_object", code, http_status_code=403)
        assert not S3Blobs(s3, BUCKET).exists(KEY)
    assert "may not read" in caplog.text  # in case it is not missing at all
