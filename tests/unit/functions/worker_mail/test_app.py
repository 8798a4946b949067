"""The worker that writes to owners, as its queue calls it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from darkroom.wiring import override
from tests.contract.examples import account_event
from tests.harness.core import TenantHarness
from tests.harness.triggers import CONTEXT, bus_message, failures, sample
from worker_mail.app import handler


@pytest.fixture
def stack() -> Iterator[TenantHarness]:
    stack = TenantHarness(credits=1, plan="pro", email="ada@example.com")
    with override(stack.core):
        yield stack


def write(*bodies: str) -> list[str]:
    (record,) = sample("worker_mail/credits_low")["Records"]
    records = [{**record, "messageId": str(place), "body": body} for place, body in enumerate(bodies)]
    return failures(handler({"Records": records}, CONTEXT))


def test_real_triggers_are_understood(stack: TenantHarness) -> None:
    assert not failures(handler(sample("worker_mail/credits_low"), CONTEXT))
    assert stack.mailer.sent == []  # nobody's


def test_a_batch_is_written_of_and_what_cannot_be_read_comes_back(stack: TenantHarness) -> None:
    event = bus_message(account_event(owner=stack.owner))
    assert write(event, "{}", event) == ["1"]
    assert [mail.to for mail in stack.mailer.sent] == ["ada@example.com"] * 2


def test_while_no_mail_can_be_sent_events_come_back(stack: TenantHarness) -> None:
    stack.mailer.down = True
    assert write(bus_message(account_event(owner=stack.owner))) == ["0"]
    stack.mailer.down = False
    assert write(bus_message(account_event(owner=stack.owner))) == []
    assert len(stack.mailer.sent) == 1
