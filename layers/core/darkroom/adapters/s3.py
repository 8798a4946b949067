"""Bytes in a bucket."""

from __future__ import annotations

from typing import TYPE_CHECKING

from botocore.config import Config
from botocore.exceptions import ClientError

from darkroom.adapters.aws_errors import error_code, translating
from darkroom.domain.errors import NotFound

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_MISSING = frozenset({"NoSuchKey", "NotFound", "404"})


def client_config() -> Config:
    """How the client must be built for its presigned URLs to hold in every region: signature version 4."""
    return Config(signature_version="s3v4")


class S3Blobs:
    """Blobs in one bucket."""

    def __init__(self, client: S3Client, bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def put(self, key: str, data: bytes, mime: str) -> None:
        with translating():
            self._client.put_object(Bucket=self._bucket, Key=key, Body=data, ContentType=mime)

    def get(self, key: str) -> bytes:
        with translating():
            try:
                return self._client.get_object(Bucket=self._bucket, Key=key)["Body"].read()
            except ClientError as error:
                if error_code(error) in _MISSING:
                    raise NotFound("There is no such file.") from error
                raise

    def delete(self, key: str) -> None:
        with translating():
            self._client.delete_object(Bucket=self._bucket, Key=key)

    def presigned_get(self, key: str, *, expires_seconds: int) -> str:
        with translating():
            return self._client.generate_presigned_url(
                "get_object", Params={"Bucket": self._bucket, "Key": key}, ExpiresIn=expires_seconds
            )
