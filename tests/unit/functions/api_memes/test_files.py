"""Files: announced, listed, used by their ids, deleted."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import replace
from typing import Any

import pytest

from darkroom.domain.accounts.api_keys import Scope
from darkroom.domain.files.file import CleanMedia, File, Rejection, UnusableFile, asset_of
from darkroom.domain.webhooks.endpoints import EventType
from tests.unit.functions.api_memes.client import UNKNOWN_ID, Client

DATA = b"\x89PNG and so on"
DIGEST = hashlib.sha256(DATA)
BODY: dict[str, Any] = {
    "filename": "hero.png",
    "content_type": "image/png",
    "size": len(DATA),
    "checksum_sha256": DIGEST.hexdigest(),
}


@pytest.fixture
def api() -> Client:
    return Client()


def announced(api: Client, **changes: Any) -> dict[str, Any]:
    reply = api.post("/files", {**BODY, **changes})
    assert reply.status == 201, reply.body
    file: dict[str, Any] = reply.json["file"]
    return file


def stored(api: Client, file_id: str) -> File:
    return api.memory.files[api.owner, file_id]


def settle(api: Client, file: File) -> None:
    api.memory.files[file.owner, file.id] = file
    if file.storage_key:
        api.memory.assets[file.owner, file.id] = asset_of(file)


def ready(api: Client, file_id: str) -> None:
    settle(api, stored(api, file_id).ready(CleanMedia(DATA, "image/png", 4, 3), api.clock.now()))


def test_an_announced_file_tells_where_it_is_and_how_to_upload_it(api: Client) -> None:
    reply = api.post("/files", BODY)
    file, upload = reply.json["file"], reply.json["upload"]
    assert reply.headers["Location"].endswith(f"/memes/v1/files/{file['id']}")
    assert api.get(f"/files/{file['id']}").json["file"] == file
    assert (file["status"], file["expires_at"]) == ("pending", upload["expires_at"])
    assert upload["headers"]["x-amz-checksum-sha256"] == base64.b64encode(DIGEST.digest()).decode()


def test_a_checksum_may_be_base64_too(api: Client) -> None:
    file = announced(api, checksum_sha256=base64.b64encode(DIGEST.digest()).decode())
    assert file["checksum_sha256"] == DIGEST.hexdigest()
    file = announced(api, checksum_sha256=DIGEST.hexdigest().upper())
    assert file["checksum_sha256"] == DIGEST.hexdigest()


@pytest.mark.parametrize(
    ("changes", "param"),
    [
        ({"content_type": "image/svg+xml"}, "content_type"),
        ({"content_type": "IMAGE/PNG"}, "content_type"),
        ({"content_type": None}, "content_type"),
        ({"size": 0}, "size"),
        ({"size": -1}, "size"),
        ({"size": "12"}, "size"),
        ({"size": 1.5}, "size"),
        ({"size": 25 * 1024 * 1024 + 1}, "size"),
        ({"size": 50 * 1024 * 1024 + 1, "content_type": "audio/wav"}, "size"),
        ({"checksum_sha256": "0" * 63}, "checksum_sha256"),
        ({"checksum_sha256": "g" * 64}, "checksum_sha256"),
        ({"checksum_sha256": " " * 64}, "checksum_sha256"),
        ({"checksum_sha256": "=" * 44}, "checksum_sha256"),
        ({"checksum_sha256": "é" * 44}, "checksum_sha256"),
        ({"checksum_sha256": ""}, "checksum_sha256"),
        ({"filename": "x" * 256}, "filename"),
        ({"filename": 5}, "filename"),
    ],
)
def test_what_cannot_be_announced_is_refused_by_name(
    api: Client, changes: dict[str, Any], param: str
) -> None:
    reply = api.post("/files", {**BODY, **changes})
    assert (reply.status, reply.error["param"]) == (400, param)
    assert api.memory.files == {}
    assert api.memory.file_usage == {}


def test_a_repeated_announcement_is_the_same_file(api: Client) -> None:
    headers = {"idempotency-key": "hero-1"}
    first, again = (api.post("/files", BODY, headers=headers) for _ in range(2))
    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.body == first.body
    assert len(api.memory.files) == 1


def test_the_fifty_first_unfinished_upload_is_one_too_many(api: Client) -> None:
    for _ in range(50):
        announced(api)
    reply = api.post("/files", BODY)
    assert reply.refusal == (429, "quota_error", "feature_quota_exceeded")
    api.ask("DELETE", f"/files/{api.get('/files').json['data'][0]['id']}")
    announced(api)


def test_files_are_paged_newest_first(api: Client) -> None:
    ids = [announced(api)["id"] for _ in range(3)]
    page = api.get("/files", query={"limit": "2"}).json
    assert [file["id"] for file in page["data"]] == [ids[2], ids[1]]
    assert (page["has_more"], page["next_cursor"]) == (True, ids[1])
    rest = api.get("/files", query={"limit": "2", "starting_after": ids[1]}).json
    assert ([file["id"] for file in rest["data"]], rest["next_cursor"]) == ([ids[0]], None)
    assert api.get("/files", query={"starting_after": UNKNOWN_ID}).error["param"] == "starting_after"


def test_an_upload_that_never_came_is_shown_as_expired(api: Client) -> None:
    file = announced(api)
    api.clock.advance(3600 + 900)
    assert api.get(f"/files/{file['id']}").json["file"]["status"] == "expired"
    assert api.get("/files").json["data"][0]["status"] == "expired"


def test_a_ready_file_is_an_input_wherever_an_asset_is(api: Client) -> None:
    file = announced(api)
    ready(api, file["id"])
    shown = api.get(f"/files/{file['id']}").json["file"]
    assert (shown["status"], shown["width"], shown["aspect_ratio"]) == ("ready", 4, "4:3")
    assert shown["url"].endswith(f"/{file['id']}.png")
    for path, body in (
        ("/images/edits", {"image_id": file["id"], "instruction": "autumn", "mask": file["id"]}),
        ("/images/edits", {"image_id": shown["url"], "instruction": "autumn"}),
        ("/images/reframe", {"image_id": file["id"], "aspect_ratio": "9:16"}),
        ("/images", {"prompt": "a", "reference_images": [{"type": "ref", "source": file["id"]}]}),
        ("/memes", {"prompt": "a", "reference_images": [{"type": "logo", "source": file["id"]}]}),
    ):
        assert api.post(path, body).status in (200, 202), path


def test_a_file_that_is_not_ready_is_no_input_and_says_why(api: Client) -> None:
    file_id = announced(api)["id"]
    body = {"prompt": "a", "reference_images": [{"type": "ref", "source": file_id}]}
    pending = api.post("/images", body)
    assert (pending.status, pending.error["param"]) == (400, "reference_images.0.source")
    assert f"{file_id} is not ready" in pending.error["message"]
    unusable = UnusableFile(Rejection.DAMAGED, "is damaged")
    settle(api, stored(api, file_id).rejected(unusable, api.clock.now()))
    assert "was rejected: it is damaged" in api.post("/images", body).error["message"]
    shown = api.get(f"/files/{file_id}").json["file"]
    assert shown["error"] == {"code": "damaged", "message": "The file is damaged."}


def test_a_deleted_file_is_gone_and_no_input(api: Client) -> None:
    file_id = announced(api)["id"]
    ready(api, file_id)
    assert api.ask("DELETE", f"/files/{file_id}").json["deleted"] is True
    assert api.get(f"/files/{file_id}").status == 404
    assert api.ask("DELETE", f"/files/{file_id}").status == 404
    reply = api.post("/images/edits", {"image_id": file_id, "instruction": "autumn"})
    assert reply.status == 404
    assert api.get("/files").json["data"] == []


def test_uploads_are_in_no_list_of_pictures(api: Client) -> None:
    file_id = announced(api)["id"]
    ready(api, file_id)
    assert api.get("/images").json["data"] == []
    assert api.get(f"/images/{file_id}").status == 404


def test_another_mode_and_another_workspace_see_nothing(api: Client) -> None:
    file_id = announced(api)["id"]
    ready(api, file_id)
    other = api.core.open_workspace("Other", plan="pro", credits=10)
    for key in (api.issue("t", livemode=False), api.issued("s", workspace_id=other.id)[1]):
        assert api.get("/files", key=key).json["data"] == []
        for method in ("GET", "DELETE"):
            assert api.ask(method, f"/files/{file_id}", key=key).status == 404
        body = {"image_id": file_id, "instruction": "autumn"}
        assert api.post("/images/edits", body, key=key).status == 404
        assert api.get("/files", key=key, query={"starting_after": file_id}).status == 400
    assert stored(api, file_id).settled


def test_reading_keys_only_read(api: Client) -> None:
    reader = api.issue("r", scopes=frozenset({Scope.READ}))
    file_id = announced(api)["id"]
    assert api.get(f"/files/{file_id}", key=reader).status == 200
    assert api.post("/files", BODY, key=reader).status == 403
    assert api.ask("DELETE", f"/files/{file_id}", key=reader).status == 403


@pytest.mark.parametrize("file_id", ["x", "5f2b1c34", UNKNOWN_ID, "%00", "..%2f..", UNKNOWN_ID.upper()])
def test_an_id_that_is_no_files_is_not_found(api: Client, file_id: str) -> None:
    assert api.get(f"/files/{file_id}").status == 404


def test_webhooks_can_hear_of_files(api: Client) -> None:
    made = api.post("/webhooks", {"url": "https://s.test/h", "events": ["file.ready", "file.rejected"]})
    assert made.json["webhook"]["events"] == [EventType.FILE_READY, EventType.FILE_REJECTED]
    assert "file.ready" not in api.post("/webhooks", {"url": "https://s.test/h"}).json["webhook"]["events"]


def test_a_file_settled_meanwhile_is_named_as_just_ready(api: Client) -> None:
    file_id = announced(api)["id"]
    now_ready = stored(api, file_id).ready(CleanMedia(DATA, "image/png", 4, 3), api.clock.now())
    api.memory.files[api.owner, file_id] = replace(now_ready)
    reply = api.post("/images/edits", {"image_id": file_id, "instruction": "autumn"})
    assert "try again" in reply.error["message"]
