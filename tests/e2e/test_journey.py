"""Accepted over HTTP, made by a worker, stored, settled, announced, delivered and verified, with IAM enforced."""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image
from svix.webhooks import Webhook, WebhookVerificationError

from local.receiver import Receiver
from tests.e2e.client import Client

ALL_EVENTS = ["generation.completed", "generation.partial", "generation.failed", "generation.canceled"]


def subscribe(client: Client, hook: Receiver) -> Any:
    return client.post("/memes/v1/webhooks", {"url": hook.url, "events": ALL_EVENTS})["webhook"]


def verified(secret: str, message: Any) -> Any:
    Webhook(secret).verify(message.body, message.headers)
    return json.loads(message.body)


def test_every_ending_reaches_a_subscriber_and_is_charged_rightly(
    fresh: Callable[..., Client], hook: Receiver
) -> None:
    client = fresh(credits=50)
    secret = subscribe(client, hook)["secret"]
    jobs = {
        client.submit("a red kite", count=2): ("succeeded", "generation.completed", 2),
        client.submit("a red kite [[fail:1]]", count=3): ("partial", "generation.partial", 2),
        client.submit("a red kite [[fail]]"): ("failed", "generation.failed", 0),
        client.submit("a red kite [[block]]"): ("failed", "generation.failed", 0),
        client.submit("a red kite [[lose]]"): ("succeeded", "generation.completed", 1),
        client.submit("a red kite [[slow:2]]", resource="memes"): ("succeeded", "generation.completed", 1),
    }
    canceled = client.submit("a red kite [[slow:300]]")
    client.post(f"/memes/v1/generations/{canceled}/cancel", {})
    jobs[canceled] = ("canceled", "generation.canceled", 0)
    for job, (status, _, charged) in jobs.items():
        generation = client.ended(job)
        assert generation["status"] == status
        assert len(generation["output"]) == charged
    events = [verified(secret, message) for message in hook.wait_for(len(jobs), 60)]
    announced = {event["data"]["generation"]["id"]: event["type"] for event in events}
    assert announced == {job: event for job, (_, event, _) in jobs.items()}
    assert len({event["id"] for event in events}) == len(jobs)
    wallet = client.credits()
    assert wallet["spent"] == sum(charged for _, _, charged in jobs.values())
    assert wallet["held"] == 0


def test_blocked_and_failed_say_why(fresh: Callable[..., Client]) -> None:
    client = fresh()
    blocked = client.ended(client.submit("[[block]]"))
    failed = client.ended(client.submit("[[fail]]"))
    assert blocked["error"]["code"] == "content_blocked"
    assert failed["error"]["code"] == "generation_failed"


def test_waiting_for_a_blocked_prompt_is_a_422(fresh: Callable[..., Client]) -> None:
    answer = fresh().call("POST", "/memes/v1/images", {"prompt": "[[block]]"}, Prefer="wait=15")
    assert answer.status_code == 422
    assert answer.json()["error"]["code"] == "content_blocked"


@pytest.mark.parametrize(
    ("ratio", "size"), [("1:1", (1024, 1024)), ("16:9", (1344, 768)), ("9:16", (768, 1344)), ("4:5", None)]
)
def test_a_stored_image_is_what_was_asked_for(live: Client, ratio: str, size: tuple[int, int] | None) -> None:
    generation = live.ended(live.submit("sunset over the sea", aspect_ratio=ratio))
    (asset,) = generation["output"]
    answer = live.http.get(asset["url"])
    assert answer.headers["content-type"] == "image/png"
    assert "immutable" in answer.headers["cache-control"]
    with Image.open(io.BytesIO(answer.content)) as image:
        wide, high = (int(part) for part in ratio.split(":"))
        assert abs(image.width / image.height - wide / high) < 0.05
        assert size in (None, image.size)
    unchanged = live.http.get(asset["url"], headers={"If-None-Match": answer.headers["etag"]})
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    assert asset["aspect_ratio"] == ratio


def test_a_file_address_cannot_be_altered(live: Client) -> None:
    asset = live.ended(live.submit("a kite"))["output"][0]
    base, _, rest = asset["url"].partition("/files/")
    signature, _, path = rest.partition("/")
    for forged in (
        f"{'0' * len(signature)}/{path}",
        f"{signature}/{path[:-5]}x.png",
        f"{signature}/../{path}",
        "",
    ):
        assert live.http.get(f"{base}/files/{forged}").status_code == 404


def test_an_output_can_be_the_next_input(live: Client) -> None:
    first = live.ended(live.submit("a mountain lake"))["output"][0]
    references = [{"type": "ref", "source": first["id"]}]
    second = live.ended(live.submit("the same at night", reference_images=references))
    assert second["status"] == "succeeded"


def test_a_picture_is_edited_within_a_mask_and_reframed(live: Client) -> None:
    parent = live.ended(live.submit("a mountain lake"))["output"][0]
    mask = Image.new("RGBA", (64, 64), (0, 0, 0, 255))
    mask.paste((0, 0, 0, 0), (0, 0, 32, 64))
    drawn = io.BytesIO()
    mask.save(drawn, "PNG")
    body = {
        "image_id": parent["id"],
        "instruction": "make it autumn",
        "mask": "data:image/png;base64," + base64.b64encode(drawn.getvalue()).decode(),
    }
    edited = live.ended(live.post("/memes/v1/images/edits", body)["generation"]["id"])
    (child,) = edited["output"]
    assert (edited["type"], child["parent_id"]) == ("edit", parent["id"])
    before, after = (
        Image.open(io.BytesIO(live.http.get(asset["url"]).content)).convert("RGB")
        for asset in (parent, child)
    )
    width, height = before.size
    soft = width // 32  # the small mask is enlarged smoothly
    outside, inside = (width // 2 + soft, 0, width, height), (0, 0, width // 2 - soft, height)
    assert after.crop(outside).tobytes() == before.crop(outside).tobytes()
    assert after.crop(inside).tobytes() != before.crop(inside).tobytes()
    answer = live.call("POST", "/memes/v1/images/reframe", {"image_id": child["id"], "aspect_ratio": "9:16"})
    assert answer.status_code == 200
    (tall,) = answer.json()["generation"]["output"]
    assert (tall["parent_id"], tall["aspect_ratio"]) == (child["id"], "9:16")


def test_test_mode_is_a_world_of_its_own(live: Client, stack_info: Any) -> None:
    test = live.with_key(stack_info.keys["memes_test"])
    before = live.credits()
    generation = test.ended(test.submit("a kite"))
    assert generation["status"] == "succeeded"
    assert live.credits()["spent"] == before["spent"]
    assert live.call("GET", f"/memes/v1/generations/{generation['id']}").status_code == 404
    assert test.call("GET", "/memes/v1/account").json()["meta"]["livemode"] is False


def test_a_failing_subscriber_is_tried_again_with_the_same_id(
    fresh: Callable[..., Client], hook: Receiver
) -> None:
    client = fresh()
    hook.statuses.append(500)
    endpoint = subscribe(client, hook)
    client.submit("a kite [[block]]")
    first, second = hook.wait_for(2, 60)
    assert first.headers["svix-id"] == second.headers["svix-id"]
    assert verified(endpoint["secret"], second)["type"] == "generation.failed"
    deliveries = client.get(f"/memes/v1/webhooks/{endpoint['id']}/deliveries")["data"]
    assert [attempt["status"] for attempt in deliveries[0]["attempts"]][:1] == [500]


def test_a_delivery_can_be_replayed_and_a_secret_rotated(
    fresh: Callable[..., Client], hook: Receiver
) -> None:
    client = fresh()
    endpoint = subscribe(client, hook)
    path = f"/memes/v1/webhooks/{endpoint['id']}"
    client.submit("a kite [[block]]")
    (first,) = hook.wait_for(1, 60)
    rotated = client.post(f"{path}/rotate-secret", {})["webhook"]["secret"]
    assert rotated != endpoint["secret"]
    delivery = client.get(f"{path}/deliveries")["data"][0]
    client.post(f"{path}/deliveries/{delivery['id']}/replay", {})
    again = hook.wait_for(2, 60)[1]
    assert verified(endpoint["secret"], again) == verified(rotated, again)
    assert again.headers["svix-id"] == first.headers["svix-id"]
    with pytest.raises(WebhookVerificationError):
        Webhook(rotated).verify(first.body, first.headers)


def test_a_test_event_arrives(fresh: Callable[..., Client], hook: Receiver) -> None:
    client = fresh()
    endpoint = subscribe(client, hook)
    client.post(f"/memes/v1/webhooks/{endpoint['id']}/test", {})
    (message,) = hook.wait_for(1, 60)
    assert verified(endpoint["secret"], message)["type"] == "webhook.test"
