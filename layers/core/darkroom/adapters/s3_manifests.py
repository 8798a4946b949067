"""The files of manifests in the bucket."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from darkroom.adapters.aws_errors import error_code, translating
from darkroom.ports.manifests import SourceChanged, SourceFile, Upload

if TYPE_CHECKING:
    from datetime import datetime

    from mypy_boto3_s3 import S3Client

_MISSING = frozenset({"NoSuchKey", "NotFound", "404"})
_CHANGED = frozenset({"PreconditionFailed", "412", "InvalidRange"})


class S3ManifestFiles:
    """Manifests in one bucket."""

    def __init__(self, client: S3Client, bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def describe(self, key: str) -> SourceFile | None:
        with translating():
            try:
                head = self._client.head_object(Bucket=self._bucket, Key=key)
            except ClientError as error:
                if error_code(error) in _MISSING:
                    return None
                raise
        return SourceFile(head["ETag"].strip('"'), head["ContentLength"], head.get("Metadata", {}))

    def read(self, key: str, etag: str, offset: int, length: int) -> bytes:
        with translating():
            try:
                response = self._client.get_object(
                    Bucket=self._bucket,
                    Key=key,
                    Range=f"bytes={offset}-{offset + length - 1}",
                    IfMatch=f'"{etag}"',
                )
            except ClientError as error:
                if error_code(error) in _MISSING | _CHANGED:
                    raise SourceChanged(key) from error
                raise
            data = response["Body"].read()
        if response["ETag"].strip('"') != etag:  # where the condition is not heeded
            raise SourceChanged(key)
        return data

    def upload(self, key: str, mime: str, size: int, *, now: datetime, expires_seconds: int) -> Upload:
        with translating():
            url = self._client.generate_presigned_url(
                "put_object",
                Params={
                    "Bucket": self._bucket,
                    "Key": key,
                    "ContentType": mime,
                    "ContentLength": size,
                    "IfNoneMatch": "*",
                },
                ExpiresIn=expires_seconds,
            )
        headers = {"Content-Type": mime, "Content-Length": str(size), "If-None-Match": "*"}
        return Upload(url, "PUT", headers, now + timedelta(seconds=expires_seconds))
