"""The platform's files are those of the memes API, in its own envelope."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

from darkroom.domain.files.uploads import uploaded
from tests.unit.functions.api_platform.test_platform import Client, code

DATA = b"ID3 a voice"
BODY: dict[str, Any] = {
    "content_type": "audio/mpeg",
    "size": len(DATA),
    "checksum_sha256": hashlib.sha256(DATA).hexdigest(),
}


@pytest.fixture
def api() -> Client:
    return Client()


def test_a_file_is_announced_read_listed_and_deleted(api: Client) -> None:
    status, made = api.json("POST", "/files", BODY)
    assert (status, sorted(made)) == (201, ["file", "upload"])
    file = made["file"]
    assert (file["type"], file["status"], file["filename"]) == ("audio", "pending", "")
    assert api.json("GET", f"/files/{file['id']}") == (200, {"file": file})
    assert api.json("GET", "/files") == (200, {"data": [file], "has_more": False, "next_cursor": None})
    assert api.json("DELETE", f"/files/{file['id']}") == (200, {"deleted": True, "id": file["id"]})
    assert code(api.json("GET", f"/files/{file['id']}"))[:2] == (404, "not_found")


def test_the_upload_goes_to_the_owners_own_key(api: Client) -> None:
    made = api.json("POST", "/files", BODY)[1]
    key = made["upload"]["url"].partition("https://blobs.test/")[2].partition("?")[0]
    assert uploaded(key) == (api.owner, made["file"]["id"])


def test_refusals_have_the_platforms_envelope(api: Client) -> None:
    assert code(api.json("POST", "/files", {**BODY, "size": 0})) == (400, "invalid_param", "size")
    assert code(api.json("POST", "/files", {})) == (400, "missing_param", "content_type")
    for _ in range(50):
        api.json("POST", "/files", BODY)
    assert code(api.json("POST", "/files", BODY))[:2] == (429, "feature_quota_exceeded")


def test_a_repeated_announcement_is_the_same_file(api: Client) -> None:
    headers = {"idempotency-key": "voice-1"}
    first, again = (api.json("POST", "/files", BODY, headers=headers) for _ in range(2))
    assert first == again
    other = api.json("POST", "/files", {**BODY, "filename": "other"}, headers=headers)
    assert code(other)[:2] == (409, "idempotency_conflict")


def test_addresses_of_stored_files_are_served_as_before(api: Client) -> None:
    assert api.ask("GET", "/files/nonsense/w/live/j/a.png", prefix="", key=None).status == 404
