"""What we sign, judged by the library our subscribers use."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook as StandardWebhook
from svix.webhooks import Webhook, WebhookVerificationError

from darkroom.domain.master_secret import MasterSecret
from darkroom.domain.webhooks.endpoints import DEFAULT_OVERLAP, GENERATION_EVENTS, Endpoint, EventType
from darkroom.domain.webhooks.messages import (
    MAX_PAYLOAD_BYTES,
    active_secrets,
    payload,
    signed_headers,
    signing_secret,
)
from tests.harness.webhooks import BROKEN, MASTER, OWNER, WebhookHarness

SECRET = signing_secret(MASTER, "endpoint", 1)
UNICODE = "café — 猫がキーボードに 🐈‍⬛ \u202e\u0000\"\\'"
texts = st.text(st.characters(codec="utf-8"))


@pytest.mark.parametrize("text", ["plain", UNICODE, "", "😀" * 500])
def test_svix_accepts_what_we_send(text: str) -> None:
    harness = WebhookHarness.at_present()
    endpoint = harness.endpoint()
    event = harness.announce(present={"generation": {"id": "g", "prompt": text}})
    harness.work()
    (post,) = harness.subscribers.posts
    Webhook(harness.secret(endpoint)).verify(post.body, dict(post.headers))
    received = json.loads(post.body)
    assert received["data"]["generation"]["prompt"] == text
    assert received["id"] == post.headers["svix-id"] == event.id


@given(texts, texts)
def test_any_body_verifies_under_both_families_of_headers(message_id: str, body: str) -> None:
    headers = signed_headers(message_id or "msg", datetime.now(UTC), body, (SECRET,))
    svix = {name: value for name, value in headers.items() if name.startswith("svix-")}
    standard = {name: value for name, value in headers.items() if name.startswith("webhook-")}
    Webhook(SECRET).verify(body.encode(), svix)
    StandardWebhook(SECRET).verify(body.encode(), standard, json_parse=False)


def test_both_families_say_the_same() -> None:
    headers = signed_headers("msg", datetime.now(UTC), "{}", (SECRET,))
    assert len(headers) == 6
    for name in ("id", "timestamp", "signature"):
        assert headers[f"svix-{name}"] == headers[f"webhook-{name}"]


def test_another_secret_does_not_verify() -> None:
    headers = dict(signed_headers("msg", datetime.now(UTC), "{}", (SECRET,)))
    for other in (signing_secret(MASTER, "endpoint", 2), signing_secret(MASTER, "other", 1)):
        with pytest.raises(WebhookVerificationError):
            Webhook(other).verify("{}", headers)


def test_two_secrets_sign_until_the_overlap_ends() -> None:
    master = MasterSecret({1: b"first", 2: b"second"}, 2)
    now = datetime.now(UTC)
    endpoint = Endpoint("endpoint", OWNER, "https://s.test/", GENERATION_EVENTS, now)
    first, second = signing_secret(b"first", "endpoint", 1), signing_secret(b"second", "endpoint", 2)
    assert active_secrets(master, endpoint, now) == (first,)
    rotated = endpoint.rotated(now, DEFAULT_OVERLAP, master.current)
    until = now + DEFAULT_OVERLAP
    assert active_secrets(master, rotated, until - timedelta(microseconds=1)) == (second, first)
    assert active_secrets(master, rotated, until) == (second,)


@pytest.mark.parametrize(("part", "value"), [("id", "msg2"), ("timestamp", "1750000000")])
def test_nothing_signed_can_be_changed(part: str, value: str) -> None:
    headers = dict(signed_headers("msg", datetime.now(UTC), "{}", (SECRET,)))
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify("{}", headers | {f"svix-{part}": value})
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify("{ }", headers)


@pytest.mark.parametrize("minutes", [-6, 6])
def test_a_stale_timestamp_does_not_verify(minutes: int) -> None:
    at = datetime.now(UTC) + timedelta(minutes=minutes)
    with pytest.raises(WebhookVerificationError, match="timestamp"):
        Webhook(SECRET).verify("{}", dict(signed_headers("msg", at, "{}", (SECRET,))))


def test_every_try_is_signed_anew_under_the_same_id() -> None:
    harness = WebhookHarness.at_present()
    endpoint = harness.endpoint()
    harness.subscribers.replies = [BROKEN]
    harness.announce()
    harness.run_for(timedelta(minutes=1))
    first, second = harness.subscribers.posts
    assert first.headers["svix-id"] == second.headers["svix-id"]
    assert first.body == second.body
    assert int(second.headers["svix-timestamp"]) - int(first.headers["svix-timestamp"]) >= 5
    Webhook(harness.secret(endpoint)).verify(second.body, dict(second.headers))


def test_both_secrets_verify_during_the_overlap_and_only_the_new_one_after() -> None:
    harness = WebhookHarness.at_present()
    harness.clock.advance(timedelta(minutes=-2))
    created = harness.manage.create(harness.caller(), "https://hooks.example.com/x")
    rotated = harness.core.rotate_secret(harness.caller(), created.endpoint.id, timedelta(minutes=2))
    assert created.secret
    assert rotated.secret
    assert created.secret != rotated.secret

    harness.announce()
    harness.work()
    during = harness.subscribers.posts[-1]
    assert len(during.headers["svix-signature"].split(" ")) == 2
    Webhook(created.secret).verify(during.body, dict(during.headers))
    Webhook(rotated.secret).verify(during.body, dict(during.headers))

    harness.clock.advance(timedelta(minutes=2))
    harness.announce()
    harness.work()
    after = harness.subscribers.posts[-1]
    Webhook(rotated.secret).verify(after.body, dict(after.headers))
    with pytest.raises(WebhookVerificationError):
        Webhook(created.secret).verify(after.body, dict(after.headers))


def test_a_rotation_without_overlap_ends_the_old_secret_at_once() -> None:
    harness = WebhookHarness.at_present()
    endpoint = harness.endpoint()
    rotated = harness.core.rotate_secret(harness.caller(), endpoint.id, timedelta())
    harness.announce()
    harness.work()
    post = harness.subscribers.posts[-1]
    assert rotated.secret
    Webhook(rotated.secret).verify(post.body, dict(post.headers))
    with pytest.raises(WebhookVerificationError):
        Webhook(harness.secret(endpoint)).verify(post.body, dict(post.headers))


def test_a_secret_has_the_documented_form() -> None:
    assert SECRET.startswith("whsec_")
    assert len(base64.b64decode(SECRET.removeprefix("whsec_"), validate=True)) == 32
    assert signing_secret(MASTER, "endpoint", 1) == SECRET
    assert signing_secret(b"another stack", "endpoint", 1) != SECRET


def test_a_payload_has_the_documented_form() -> None:
    at = datetime(2026, 6, 18, 17, 4, 53, 999_999, UTC)
    text = payload("evt", EventType.COMPLETED, at, livemode=True, data={"generation": {"id": "g"}})
    assert text == (
        '{"id":"evt","type":"generation.completed","created_at":"2026-06-18T17:04:53Z",'
        '"livemode":true,"data":{"generation":{"id":"g"}}}'
    )


@pytest.mark.parametrize("outputs", [0, 10, 1000])
def test_no_payload_exceeds_the_cap(outputs: int) -> None:
    asset = {"id": "018f4e9a-0000-7000-8000-000000000001", "url": "https://x.example/" + "猫" * 50}
    generation = {"id": "g", "status": "succeeded", "output": [asset] * outputs, "error": None}
    at = datetime.now(UTC)
    text = payload("evt", EventType.COMPLETED, at, livemode=OWNER.livemode, data={"generation": generation})
    body = json.loads(text)
    assert len(text.encode()) < MAX_PAYLOAD_BYTES
    assert body["data"]["generation"]["id"] == "g"
    assert body.get("truncated", False) == (outputs == 1000)
    assert ("output" in body["data"]["generation"]) == (outputs < 1000)
