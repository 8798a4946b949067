"""The master secret is rotated while addresses, cursors, keys, codes and webhooks are out: all of them go on."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
from moto import mock_aws
from svix.webhooks import Webhook

from api_platform.app import handler as platform
from darkroom.adapters.secrets import SECRET_KEPT, Secret
from darkroom.domain.master_secret import ANNOUNCED, LONGEST_ADDRESS, MasterSecret, read_master_secret
from darkroom.domain.vendors.callbacks import CallbackTarget, callback_target, callback_token
from tests.harness.api_client import ApiClient, gateway_event
from tests.harness.webhooks import WebhookHarness
from tests.unit.functions.api_memes.client import Client as MemesClient
from tests.unit.functions.api_moondraft.client import Client as MoondraftClient
from tests.unit.functions.api_pixeldrive.client import Client as PixeldriveClient
from tools.master_secret import Rotation

WEEK = timedelta(seconds=604_800)  # the longest that an image's address may be asked for
READ_BY_ALL = max(ANNOUNCED, SECRET_KEPT)


class Rotating:
    """A stack of fakes whose master secret is in Secrets Manager, and the operator's tool."""

    def __init__(self, secrets: Any, dynamodb: Any, webhooks: str) -> None:
        self._secrets = secrets
        self._arn = secrets.create_secret(Name=uuid.uuid4().hex, SecretString="m" * 64)["ARN"]
        self._tool = Rotation(secrets, self._arn, dynamodb, webhooks)

    def of[H: (WebhookHarness, MemesClient, MoondraftClient, PixeldriveClient)](self, harness: H) -> H:
        """The harness with this secret, read as a function reads it."""
        self.clock = harness.clock
        secret = Secret(self._secrets, self._arn, harness.clock)
        vars(harness.core)["master_secret"] = lambda: read_master_secret(secret.text, harness.clock.now())
        return harness

    def add(self) -> None:
        """A new version, as soon as it is what signs."""
        self._tool.add(self.clock.now())
        self.clock.advance(READ_BY_ALL)

    def end(self) -> None:
        """The oldest version's end, as soon as every process knows."""
        self._tool.end(self.clock.now(), anyway=True)
        self.clock.advance(SECRET_KEPT)


@pytest.fixture
def rotating(monkeypatch: pytest.MonkeyPatch) -> Iterator[Rotating]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "x")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    with mock_aws():
        yield Rotating(boto3.client("secretsmanager"), boto3.client("dynamodb"), "")


def opened(client: ApiClient[Any], url: str) -> int:
    status: int = client.send(gateway_event("GET", url.removeprefix("https://api.test"), {})).status
    return status


def test_files_lists_and_keys_go_on(rotating: Rotating) -> None:
    class Files(MemesClient):
        def handle(self, event: dict[str, Any]) -> dict[str, Any]:
            return platform(event, None) if event["rawPath"].startswith("/files") else super().handle(event)

    api = rotating.of(Files())
    for _ in range(3):
        api.end(api.create())
    for asset in api.memory.assets.values():
        api.blobs.objects[asset.storage_key] = (b"png", "image/png")
    first = api.get("/memes", query={"limit": "1"}).json
    (before,) = first["data"]
    rotating.add()
    assert opened(api, before["url"]) == 200
    rest = api.get("/memes", query={"limit": "2", "cursor": first["next_cursor"]})
    assert (rest.status, len(rest.json["data"])) == (200, 2)
    (after,) = api.get("/memes", query={"limit": "1"}).json["data"]
    assert (after["id"], opened(api, after["url"])) == (before["id"], 200)
    assert after["url"] != before["url"]
    rotating.end()
    assert (opened(api, before["url"]), opened(api, after["url"])) == (404, 200)
    again = api.get("/memes", query={"limit": "2", "cursor": first["next_cursor"]})
    assert [one["id"] for one in again.json["data"]] == [one["id"] for one in rest.json["data"]]


def test_subscribers_keep_their_secrets_until_the_version_they_are_derived_from_ends(
    rotating: Rotating,
) -> None:
    harness = rotating.of(WebhookHarness())
    endpoint, secret = harness.manage.create(harness.caller(), "https://hooks.example.com/a")
    rotating.add()
    assert is_signed_with(harness, secret) == [True]
    other, newer = harness.manage.create(harness.caller(), "https://hooks.example.com/b")
    assert (endpoint.master_version, other.master_version) == (1, 2)
    rotated, mine = harness.core.rotate_secret(harness.caller(), endpoint.id, timedelta(hours=1))
    assert rotated.master_version == 2
    assert is_signed_with(harness, secret, mine, newer) == [True, True, True]
    rotating.end()
    assert is_signed_with(harness, secret, mine, newer) == [False, True, True]


def test_a_secret_whose_version_has_ended_is_had_anew(rotating: Rotating) -> None:
    harness = rotating.of(WebhookHarness())
    endpoint, secret = harness.manage.create(harness.caller(), "https://hooks.example.com/a")
    rotating.add()
    rotating.end()
    assert is_signed_with(harness, secret) == [False]
    anew = harness.core.rotate_secret(harness.caller(), endpoint.id).secret
    assert is_signed_with(harness, anew) == [True]


def is_signed_with(harness: WebhookHarness, *secrets: str | None) -> list[bool]:
    """Whether a message sent now has each secret's signature, as the subscribers' library makes it."""
    harness.announce()
    harness.work()
    posts, harness.subscribers.posts = harness.subscribers.posts, []
    return [any(_signature(secret or "", post) in _signatures(post) for post in posts) for secret in secrets]


def _signatures(post: Any) -> list[str]:
    signatures: str = post.headers["svix-signature"]
    return signatures.split()


def _signature(secret: str, post: Any) -> str:
    at = datetime.fromtimestamp(int(post.headers["svix-timestamp"]), UTC)
    return Webhook(secret).sign(post.headers["svix-id"], at, post.body.decode())


def test_a_code_that_was_mailed_before_opens_a_workspace_after(rotating: Rotating) -> None:
    api = rotating.of(MoondraftClient())
    api.clock.advance(1)
    rotating._tool.add(api.clock.now())
    api.clock.advance(ANNOUNCED - timedelta(minutes=5))
    code, ended = api.code_for("ada@example.com"), api.code_for("bob@example.com")
    api.clock.advance(timedelta(minutes=5))
    assert verified(api, "ada@example.com", code) == 200
    rotating._tool.end(api.clock.now(), anyway=True)
    api.clock.advance(timedelta(minutes=4))
    later = api.code_for("carl@example.com")
    api.clock.advance(timedelta(minutes=1))
    assert verified(api, "bob@example.com", ended) == 400
    assert verified(api, "carl@example.com", later) == 200


def verified(api: MoondraftClient, email: str, code: str) -> int:
    return api.post("/auth/verify", {"email": email, "code": code}, key=None).status


def test_signed_images_go_on_and_public_ones_have_the_names_they_had(rotating: Rotating) -> None:
    api = rotating.of(PixeldriveClient())
    template = api.template()
    public = api.render(template).json["url"]
    signed = api.post("/sign", {"url": public, "expiresIn": int(WEEK.total_seconds())}).json["url"]
    rotating.add()
    assert api.open(signed)["status"] == 200
    assert api.render(template).json["url"] == public
    rotating.end()
    assert (api.open(signed)["status"], api.open(public)["status"]) == (403, 200)


def test_no_signed_address_outlives_the_version_that_signed_it() -> None:
    api = PixeldriveClient()
    public = api.render(api.template()).json["url"]
    assert LONGEST_ADDRESS == WEEK
    assert api.post("/sign", {"url": public, "expiresIn": int(WEEK.total_seconds()) + 1}).status == 400


def test_a_vendor_that_was_given_an_address_may_call_it(rotating: Rotating) -> None:
    harness = rotating.of(WebhookHarness())
    target = CallbackTarget(harness.endpoint().owner, "job", 0)
    token = callback_token(master_of(harness), "fal", target)
    rotating.add()
    assert callback_target(master_of(harness), "fal", token) == target
    assert callback_token(master_of(harness), "fal", target) != token
    rotating.end()
    assert callback_target(master_of(harness), "fal", token) is None


def master_of(harness: WebhookHarness) -> MasterSecret:
    return harness.core.master_secret()
