"""Files go to S3 by presigned uploads, are judged there, and are used by their ids, with IAM enforced."""

from __future__ import annotations

import io
import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image
from svix.webhooks import Webhook

from local.emulator import deploy
from local.emulator.stack import Stack
from local.receiver import Receiver
from tests.e2e.client import Client
from tests.e2e.samples import picture, sound
from tests.e2e.uploading import announce, put, settled, uploaded

FILE_EVENTS = ["file.ready", "file.rejected"]


def sideways(width: int = 320, height: int = 240) -> bytes:
    """A camera's JPEG: turned, and with its place."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x013B] = "Jane Doe"
    body = io.BytesIO()
    Image.open(io.BytesIO(picture(height, width))).save(body, "JPEG", exif=exif)
    return body.getvalue()


def verified(secret: str, message: Any) -> Any:
    Webhook(secret).verify(message.body, message.headers)
    return json.loads(message.body)


def objects(stack: Stack, prefix: str) -> list[str]:
    bucket = deploy.resources(stack.clients, "AWS::S3::Bucket")["MediaBucket"]
    found = stack.clients.s3.list_objects_v2(Bucket=bucket, Prefix=prefix).get("Contents", [])
    return [item["Key"] for item in found]


def test_an_uploaded_picture_is_edited_and_its_subscriber_told(
    fresh: Callable[..., Client], hook: Receiver, stack: Stack
) -> None:
    client = fresh()
    endpoint = client.post("/memes/v1/webhooks", {"url": hook.url, "events": FILE_EVENTS})["webhook"]
    announced = announce(client, data := sideways(), "image/jpeg")
    early = {"image_id": announced["file"]["id"], "instruction": "make it autumn"}
    refused = client.call("POST", "/memes/v1/images/edits", early)
    assert (refused.status_code, refused.json()["error"]["param"]) == (400, "image_id")

    assert put(client, announced["upload"], data).status_code == 200
    file = settled(client, announced["file"]["id"])
    assert (file["status"], file["width"], file["height"]) == ("ready", 320, 240)
    stored = client.http.get(file["url"])
    assert stored.headers["content-type"] == "image/jpeg"
    assert b"Jane Doe" not in stored.content
    assert Image.open(io.BytesIO(stored.content)).size == (320, 240)

    answer = client.post("/memes/v1/images/edits", early | {"mask": file["id"]})
    edited = client.ended(answer["generation"]["id"])
    assert edited["status"] == "succeeded", edited
    assert edited["output"][0]["parent_id"] == file["id"]

    (message,) = hook.wait_for(1, 30)
    event = verified(endpoint["secret"], message)
    assert (event["type"], event["data"]["file"]) == ("file.ready", file)
    assert objects(stack, f"uploads/{client.get('/memes/v1/account')['account']['id']}") == []


def test_s3_takes_nothing_but_what_was_announced(fresh: Callable[..., Client]) -> None:
    client = fresh()
    upload = announce(client, data := picture(), "image/png")["upload"]
    assert put(client, upload, data[::-1]).status_code == 400  # another content
    for other in ({"Content_Type": "text/html"}, {"x_amz_checksum_sha256": "0" * 43 + "="}):
        assert put(client, upload, data, **other).status_code in (400, 403), other
    file = uploaded(client, data, "image/png")
    assert file["status"] == "ready"


def test_what_lies_about_its_type_is_rejected_with_the_reason(
    fresh: Callable[..., Client], hook: Receiver
) -> None:
    client = fresh()
    endpoint = client.post("/memes/v1/webhooks", {"url": hook.url, "events": FILE_EVENTS})["webhook"]
    file = uploaded(client, b"<html>not a picture</html>", "image/png")
    assert (file["status"], file["error"]["code"], file["url"]) == ("rejected", "type_mismatch", None)
    event = verified(endpoint["secret"], hook.wait_for(1, 30)[0])
    assert (event["type"], event["data"]["file"]) == ("file.rejected", file)
    body = {"prompt": "a", "reference_images": [{"type": "ref", "source": file["id"]}]}
    assert client.call("POST", "/memes/v1/images", body).status_code == 400


def test_a_presigned_url_used_again_changes_nothing(fresh: Callable[..., Client], stack: Stack) -> None:
    client = fresh()
    announced = announce(client, data := picture(), "image/png")
    put(client, announced["upload"], data)
    file = settled(client, announced["file"]["id"])
    before = client.http.get(file["url"]).content
    assert put(client, announced["upload"], data).status_code == 200
    workspace = client.get("/memes/v1/account")["account"]["id"]
    until = time.monotonic() + 20
    while objects(stack, f"uploads/{workspace}") and time.monotonic() < until:
        time.sleep(0.2)
    assert objects(stack, f"uploads/{workspace}") == []
    assert client.get(f"/memes/v1/files/{file['id']}")["file"] == file
    assert client.http.get(file["url"]).content == before
    assert [item["id"] for item in client.get("/memes/v1/files")["data"]] == [file["id"]]


@pytest.mark.parametrize("api", ["/memes/v1", "/platform/v1"])
def test_a_sound_is_measured_listed_and_deleted(fresh: Callable[..., Client], api: str) -> None:
    client = fresh()
    file = uploaded(client, sound(2.0), "audio/wav", api)
    assert (file["status"], file["type"], file["duration"]) == ("ready", "audio", 2.0)
    assert [item["id"] for item in client.get(f"{api}/files")["data"]] == [file["id"]]
    assert client.call("DELETE", f"{api}/files/{file['id']}").status_code == 200
    assert client.call("GET", f"{api}/files/{file['id']}").status_code == 404
    assert client.get(f"{api}/files")["data"] == []
