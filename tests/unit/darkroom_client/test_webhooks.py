"""Verifying webhook messages, signed as Darkroom signs them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from svix.webhooks import Webhook

from darkroom_client import NotGenuine
from darkroom_client.webhooks import verify

SECRET = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"
BODY = '{"type":"generation.completed","data":{"id":"g"}}'


def headers(at: datetime, body: str = BODY) -> dict[str, str]:
    return {
        "Webhook-Id": "e",
        "Webhook-Timestamp": str(int(at.timestamp())),
        "Webhook-Signature": Webhook(SECRET).sign("e", at, body),
    }


def test_a_genuine_message_is_its_event() -> None:
    assert verify(BODY.encode(), headers(datetime.now(UTC)), SECRET)["data"] == {"id": "g"}


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (BODY + " ", headers(datetime.now(UTC))),
        (BODY, headers(datetime.now(UTC) - timedelta(hours=1))),
        (BODY, {}),
        (BODY, {**headers(datetime.now(UTC)), "Webhook-Signature": "v1,AAAA"}),
    ],
)
def test_anything_else_is_not(body: str, told: dict[str, str]) -> None:
    with pytest.raises(NotGenuine):
        verify(body, told, SECRET)
