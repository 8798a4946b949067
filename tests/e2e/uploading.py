"""What a client does to upload a file, with nothing but an HTTP client."""

from __future__ import annotations

import hashlib
import time
from typing import Any

import httpx

from tests.e2e.client import Client


def announce(client: Client, data: bytes, mime: str, api: str = "/memes/v1") -> Any:
    """The answer to announcing a file."""
    digest = hashlib.sha256(data).hexdigest()
    body = {"filename": "f", "content_type": mime, "size": len(data), "checksum_sha256": digest}
    return client.post(f"{api}/files", body)


def put(client: Client, upload: Any, data: bytes, **headers: str) -> httpx.Response:
    """S3's answer to the upload; ``headers`` replace those that were given."""
    spelled = {name.replace("_", "-"): value for name, value in headers.items()}
    given = {name: value for name, value in upload["headers"].items() if name != "Content-Length"}
    return client.http.request(upload["method"], upload["url"], content=data, headers={**given, **spelled})


def settled(client: Client, file_id: str, api: str = "/memes/v1", seconds: float = 30) -> Any:
    """The file, once it is no longer pending."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        file = client.get(f"{api}/files/{file_id}")["file"]
        if file["status"] != "pending":
            return file
        time.sleep(0.2)
    raise AssertionError(f"file {file_id} stayed pending")


def uploaded(client: Client, data: bytes, mime: str, api: str = "/memes/v1") -> Any:
    """A file that was uploaded and judged."""
    announced = announce(client, data, mime, api)
    answer = put(client, announced["upload"], data)
    assert answer.status_code == 200, answer.text
    return settled(client, announced["file"]["id"], api)
