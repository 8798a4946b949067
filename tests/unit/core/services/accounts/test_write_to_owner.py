"""Who is written of what."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.webhooks.endpoints import EventType
from darkroom.domain.webhooks.events import endpoint_disabled, job_ended
from tests.contract.examples import account_event
from tests.harness.core import TenantHarness
from tests.harness.webhooks import WebhookHarness, ended_job


@pytest.fixture
def stack() -> TenantHarness:
    return TenantHarness(credits=1, plan="pro", email="ada@example.com")


def test_an_owner_is_written_that_credits_are_low(stack: TenantHarness) -> None:
    assert stack.core.write_to_owner(account_event(owner=stack.owner))
    (mail,) = stack.mailer.sent
    assert (mail.to, mail.subject) == ("ada@example.com", "w is low on credits")
    assert "4 credits" in mail.text
    assert "4 credits" in mail.html


@pytest.mark.parametrize(
    ("retry_at", "words"), [("2026-12-01T00:00:00Z", "tried again"), (None, "switched off")]
)
def test_an_owner_is_written_that_a_reload_failed(
    stack: TenantHarness, retry_at: str | None, words: str
) -> None:
    told = {
        "id": "p",
        "credits": 100,
        "amount_cents": 900,
        "currency": "usd",
        "reason": "card_declined",
        "retry_at": retry_at,
        "auto_reload_enabled": retry_at is not None,
    }
    event = account_event(owner=stack.owner, type=EventType.CREDITS_RELOAD_FAILED, data={"reload": told})
    assert stack.core.write_to_owner(event)
    assert words in stack.mailer.sent[0].text


def test_an_owner_is_written_that_an_endpoint_was_switched_off(stack: TenantHarness) -> None:
    endpoint = replace(
        WebhookHarness().endpoint(),
        owner=stack.owner,
        enabled=False,
        disabled_at=stack.clock.now() + timedelta(hours=1),
        disabled_reason="gone",
    )
    assert stack.core.write_to_owner(endpoint_disabled(endpoint))
    assert endpoint.url in stack.mailer.sent[0].text


def test_of_other_events_nothing_is_written(stack: TenantHarness) -> None:
    job = replace(ended_job(), owner=stack.owner)
    reloaded = account_event(owner=stack.owner, type=EventType.CREDITS_RELOADED, data={"reload": {}})
    assert not stack.core.write_to_owner(job_ended(job))
    assert not stack.core.write_to_owner(reloaded)
    assert stack.mailer.sent == []


def test_nobody_is_written_to_who_gave_no_address(stack: TenantHarness) -> None:
    silent = stack.core.open_workspace("silent")
    for workspace_id in (silent.id, "01950000-0000-7000-8000-0000000000ff"):
        assert not stack.core.write_to_owner(account_event(owner=Owner(workspace_id, True)))
    assert stack.mailer.sent == []
