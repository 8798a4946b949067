"""Bytes in a bucket."""

from __future__ import annotations

import base64
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Any

from botocore.config import Config
from botocore.exceptions import ClientError

from darkroom.adapters.aws_errors import error_code, translating
from darkroom.domain.errors import NotFound
from darkroom.domain.files.uploads import PresignedUpload

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

logger = logging.getLogger(__name__)

_MISSING = frozenset({"NoSuchKey", "NotFound", "404"})

# What S3 says of a missing object to a role that may read objects but not list the bucket.
_FORBIDDEN = frozenset({"AccessDenied", "Forbidden", "403"})


def client_config() -> Config:
    """How the client must be built for its presigned URLs to hold in every region.

    That is with signature version 4, and with the bucket's own host in its region: otherwise botocore signs for the
    global host, which answers for other regions with a redirect that no signature survives. An endpoint that is an
    address, as the local AWS's is, keeps the bucket in the path.
    """
    return Config(
        signature_version="s3v4",
        read_timeout=10,  # of megabytes: since the last byte
        retries={"total_max_attempts": 2},
        s3={"addressing_style": "virtual", "us_east_1_regional_endpoint": "regional"},
    )


class S3Blobs:
    """Blobs in one bucket."""

    def __init__(self, client: S3Client, bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def put(self, key: str, data: bytes | IO[bytes], mime: str) -> None:
        with translating():
            self._client.put_object(Bucket=self._bucket, Key=key, Body=data, ContentType=mime)

    def get(self, key: str) -> bytes:
        return self._read(Key=key)

    def get_range(self, key: str, offset: int, length: int) -> bytes:
        return self._read(Key=key, Range=f"bytes={offset}-{offset + length - 1}")

    def get_within(self, key: str, max_bytes: int) -> bytes | None:
        with translating(), _telling_what_is_missing():
            response = self._client.get_object(Bucket=self._bucket, Key=key)
            if response["ContentLength"] > max_bytes:
                response["Body"].close()
                return None
            return response["Body"].read()

    def exists(self, key: str) -> bool:
        try:
            with translating(), _telling_what_is_missing():
                self._client.head_object(Bucket=self._bucket, Key=key)
        except NotFound:
            return False
        return True

    def _read(self, **what: Any) -> bytes:
        with translating(), _telling_what_is_missing():
            return self._client.get_object(Bucket=self._bucket, **what)["Body"].read()

    def delete(self, key: str) -> None:
        with translating():
            self._client.delete_object(Bucket=self._bucket, Key=key)

    def presigned_get(self, key: str, *, expires_seconds: int) -> str:
        with translating():
            return self._client.generate_presigned_url(
                "get_object", Params={"Bucket": self._bucket, "Key": key}, ExpiresIn=expires_seconds
            )

    def presigned_put(
        self, key: str, *, mime: str, size: int, checksum: str, expires_seconds: int
    ) -> PresignedUpload:
        digest = base64.b64encode(bytes.fromhex(checksum)).decode()
        bound = {"ContentType": mime, "ContentLength": size, "ChecksumSHA256": digest}
        with translating():
            url = self._client.generate_presigned_url(
                "put_object", Params={"Bucket": self._bucket, "Key": key, **bound}, ExpiresIn=expires_seconds
            )
        headers = {"Content-Type": mime, "Content-Length": str(size), "x-amz-checksum-sha256": digest}
        return PresignedUpload(url, "PUT", headers)


@contextmanager
def _telling_what_is_missing() -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        code = error_code(error)
        if code in _FORBIDDEN:
            logger.warning("S3 says %s: the object is missing, or this function may not read it", code)
        elif code not in _MISSING:
            raise
        raise NotFound("There is no such file.") from error
