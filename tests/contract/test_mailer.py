"""What a mailer does, on the fake and on SES."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.ses.models import ses_backends

from darkroom.adapters.aws_errors import AwsRefused
from darkroom.adapters.ses import SesMailer
from darkroom.domain.errors import Unavailable
from darkroom.ports.accounts import Mailer
from tests.contract.conftest import REGION
from tests.fakes.mailer import FakeMailer

SENDER = "studio@example.com"

type Sent = Callable[[], list[tuple[str, str]]]


@pytest.fixture(params=["fake", "ses"])
def post(request: pytest.FixtureRequest, aws: Any) -> tuple[Mailer, Sent]:
    if request.param == "fake":
        fake = FakeMailer()
        return fake, lambda: [(mail.to, mail.text) for mail in fake.sent]
    client = aws("ses", region_name=REGION)
    client.verify_email_identity(EmailAddress=SENDER)
    backend = ses_backends[DEFAULT_ACCOUNT_ID][REGION]
    before = len(backend.sent_messages)

    def sent() -> list[tuple[str, str]]:
        messages = backend.sent_messages[before:]
        return [(message.destinations["ToAddresses"][0], message.body) for message in messages]

    return SesMailer(client, SENDER), sent


def test_a_mail_is_sent_as_it_is(post: tuple[Mailer, Sent]) -> None:
    mailer, sent = post
    mailer.send("ada@example.com", "Grüße", "Zeile 1\nZeile 2 ✓")
    assert sent() == [("ada@example.com", "Zeile 1\nZeile 2 ✓")]


def test_a_stack_without_a_sender_says_it_sends_nothing(aws: Any) -> None:
    with pytest.raises(Unavailable):
        SesMailer(aws("ses", region_name=REGION), "").send("ada@example.com", "s", "t")


def test_an_unverified_sender_is_the_operators_to_mend(aws: Any) -> None:
    mailer = SesMailer(aws("ses", region_name=REGION), "nobody@elsewhere.example")
    with pytest.raises(AwsRefused):
        mailer.send("ada@example.com", "s", "t")
