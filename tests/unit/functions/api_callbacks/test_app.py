"""What vendors may tell us, through the function that takes their calls."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, cast

import pytest

from api_callbacks.app import handler
from darkroom.domain.errors import Unavailable
from darkroom.domain.jobs.messages import TaskStep
from darkroom.domain.master_secret import MasterSecret
from darkroom.domain.vendors import callbacks
from darkroom.domain.vendors.callbacks import CallbackTarget
from darkroom.wiring import override
from tests.harness.container import MASTER
from tests.harness.vendors import VendorHarness


class Signed:
    """Believes a body that carries the right word, and reads the work's id from it. ``seen`` keeps raw bodies."""

    def __init__(self) -> None:
        self.seen: list[bytes] = []
        self.down = False

    def verify(self, headers: Mapping[str, str], body: bytes, now: datetime) -> str | None:
        self.seen.append(body)
        if self.down:
            raise Unavailable("no keys")
        return str(json.loads(body)["id"]) if headers.get("x-signature") == "right" else None


class Client(VendorHarness):
    """A task that waits for vendor ``fal``, and a way to call about it."""

    def __init__(self) -> None:
        super().__init__("fal", "kie")
        self.vendors["fal"].then(100)
        self.waiting = self.made()
        self.step()
        self.take_messages()
        self.signed = Signed()
        vars(self.core)["verifier"] = self._verifier

    def _verifier(self, vendor: str) -> Signed:
        if vendor != "fal":
            raise LookupError(vendor)
        return self.signed

    def callback_token(self, vendor: str = "fal", index: int = 0) -> str:
        return callbacks.callback_token(
            MasterSecret.only(MASTER), vendor, CallbackTarget(self.owner, self.waiting.id, index)
        )

    def call(self, **changes: Any) -> int:
        event: dict[str, Any] = {
            "rawPath": f"/callbacks/fal/{self.callback_token()}",
            "headers": {"X-Signature": "right"},
            "requestContext": {"http": {"method": "POST"}},
            "body": json.dumps({"id": self.waiting.tasks[0].id}),
            "isBase64Encoded": False,
        }
        return cast("int", handler(event | changes, None)["statusCode"])

    @property
    def moved(self) -> bool:
        return bool(self.take_messages())


@pytest.fixture
def api() -> Iterator[Client]:
    made = Client()
    with override(made.core):
        yield made


def test_a_true_call_has_the_vendor_asked(api: Client) -> None:
    assert api.call() == 200
    ((message, delay),) = api.take_messages()
    assert (message.step, delay) == (TaskStep.POLL, 0)
    api.execute_task(message)
    assert api.job(api.waiting.id).terminal


def test_a_body_in_base64_is_verified_as_it_was_signed(api: Client) -> None:
    body = json.dumps({"id": api.waiting.tasks[0].id, "ü": "✓"}).encode()
    assert api.call(body=base64.b64encode(body).decode(), isBase64Encoded=True) == 200
    assert api.signed.seen == [body]


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"headers": {"x-signature": "wrong"}}, 401),
        ({"headers": {}}, 401),
        ({"rawPath": "/callbacks/fal/"}, 401),
        ({"rawPath": "/callbacks/fal/guess"}, 401),
        ({"rawPath": "/callbacks/nobody/x"}, 404),
        ({"rawPath": "/callbacks/"}, 404),
        ({"body": '{"id": "another"}'}, 400),
        ({"requestContext": {"http": {"method": "GET"}}}, 405),
    ],
)
def test_whatever_is_not_a_true_call_does_nothing(api: Client, changes: dict[str, Any], status: int) -> None:
    assert api.call(**changes) == status
    assert not api.moved


def test_another_vendors_token_is_none(api: Client) -> None:
    assert api.call(rawPath=f"/callbacks/fal/{api.callback_token('kie')}") == 401
    assert api.call(rawPath=f"/callbacks/kie/{api.callback_token('kie')}") == 404
    assert not api.moved


def test_a_forged_call_is_not_even_looked_at_without_a_token(api: Client) -> None:
    api.call(rawPath="/callbacks/fal/guess")
    assert not api.signed.seen


def test_a_call_that_comes_twice_or_late_is_taken_with_thanks(api: Client) -> None:
    assert [api.call(), api.call()] == [200, 200]
    for message, _ in api.take_messages():
        api.execute_task(message)
    assert api.call() == 200
    assert not api.moved
    api.check_books()


def test_a_call_that_cannot_be_verified_just_now_is_to_come_again(api: Client) -> None:
    api.signed.down = True
    assert api.call() == 503
    assert not api.moved
