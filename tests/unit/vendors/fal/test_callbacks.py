"""Which callbacks are believed to be fal's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest

from darkroom_vendors.callbacks import Verifier
from darkroom_vendors.fal.callbacks import JWKS_URL, FalCallbacks
from darkroom_vendors.registry import verifier
from local.doubles.fal import FalDouble, QueuedRequest
from tests.harness.signing import Keys
from tests.harness.vendor_adapters import NOW

REQUEST = "019f0000-0000-4000-8000-000000000001"
AT = int(NOW.timestamp())


@pytest.fixture
def double() -> Iterator[FalDouble]:
    with FalDouble() as running:
        running.requests[REQUEST] = QueuedRequest(
            REQUEST, "fal-ai/nano-banana", {"prompt": "a kite"}, None, {}
        )
        yield running


@pytest.fixture
def keys(double: FalDouble) -> Keys:
    return Keys(double.jwks())


def lower(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


def test_a_signed_callback_names_its_request(double: FalDouble, keys: Keys) -> None:
    headers, body = double.callback(REQUEST, AT)
    assert FalCallbacks(keys).verify(lower(headers), body, NOW) == REQUEST
    assert keys.asked == [(JWKS_URL, False)]


def test_the_registry_knows_it(keys: Keys) -> None:
    found: Verifier = verifier("fal", keys)
    assert isinstance(found, FalCallbacks)


@pytest.mark.parametrize("seconds", [-301, 301, 86_400])
def test_a_callback_of_another_time_is_not_believed(double: FalDouble, keys: Keys, seconds: int) -> None:
    headers, body = double.callback(REQUEST, AT + seconds)
    assert FalCallbacks(keys).verify(lower(headers), body, NOW) is None
    assert keys.asked == [], "no key is fetched for it"


@pytest.mark.parametrize("seconds", [-300, 0, 300])
def test_clocks_may_differ_by_five_minutes(double: FalDouble, keys: Keys, seconds: int) -> None:
    headers, body = double.callback(REQUEST, AT + seconds)
    assert FalCallbacks(keys).verify(lower(headers), body, NOW) == REQUEST


@pytest.mark.parametrize(
    "change",
    [
        {"x-fal-webhook-signature": "00" * 64},
        {"x-fal-webhook-signature": "00"},
        {"x-fal-webhook-signature": "no hex"},
        {"x-fal-webhook-signature": ""},
        {"x-fal-webhook-user-id": "somebody else"},
        {"x-fal-webhook-request-id": "another"},
        {"x-fal-webhook-timestamp": str(AT + 1)},
        {"x-fal-webhook-timestamp": "soon"},
        {"x-fal-webhook-timestamp": "9" * 40},
        {"x-fal-webhook-timestamp": "²"},
        {"x-fal-webhook-timestamp": ""},
    ],
)
def test_a_forged_callback_is_not_believed(double: FalDouble, keys: Keys, change: dict[str, str]) -> None:
    headers, body = double.callback(REQUEST, AT)
    assert FalCallbacks(keys).verify({**lower(headers), **change}, body, NOW) is None


def test_a_changed_body_is_not_believed(double: FalDouble, keys: Keys) -> None:
    headers, body = double.callback(REQUEST, AT)
    assert FalCallbacks(keys).verify(lower(headers), body + b" ", NOW) is None
    assert FalCallbacks(keys).verify({}, body, NOW) is None


@pytest.mark.parametrize(
    "body",
    [b"words", b"[]", b"{}", b'{"request_id": 7}', b'{"request_id": ""}', b'{"request_id": "/x/../y"}'],
)
def test_a_signed_body_that_names_no_request_proves_nothing(
    double: FalDouble, keys: Keys, body: bytes
) -> None:
    assert FalCallbacks(keys).verify(lower(double.signed(REQUEST, body, AT)), body, NOW) is None


def test_keys_that_were_changed_since_are_fetched_anew(double: FalDouble) -> None:
    headers, body = double.callback(REQUEST, AT)
    old = Keys({"keys": double.jwks()["keys"][:1]}, published=double.jwks())
    assert FalCallbacks(old).verify(lower(headers), body, NOW) == REQUEST
    assert old.asked == [(JWKS_URL, False), (JWKS_URL, True)]


@pytest.mark.parametrize("jwks", [{}, {"keys": None}, {"keys": ["x", {}, {"x": "?"}, {"x": 7}, {"x": "é"}]}])
def test_keys_nobody_can_read_verify_nothing(double: FalDouble, jwks: dict[str, object]) -> None:
    headers, body = double.callback(REQUEST, AT)
    assert FalCallbacks(Keys(jwks)).verify(lower(headers), body, NOW) is None
