"""What a mailer does, on the fake and on SES."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from darkroom.adapters.aws_errors import AwsRefused
from darkroom.adapters.letters import worded
from darkroom.adapters.ses import SesMailer
from darkroom.domain.accounts.letters import CreditsLow
from darkroom.domain.errors import Unavailable
from darkroom.ports.accounts import Mailer
from tests.contract.conftest import REGION
from tests.fakes.mailer import FakeMailer

SENDER = "studio@example.com"

type Sent = Callable[[], list[tuple[str, str, str]]]
LETTER = CreditsLow("Grüße ✓", 4, 12.5)


@pytest.fixture(params=["fake", "ses"])
def post(request: pytest.FixtureRequest, aws: Any) -> tuple[Mailer, Sent]:
    if request.param == "fake":
        fake = FakeMailer()
        return fake, lambda: [(mail.to, mail.text, mail.html) for mail in fake.sent]
    client = aws("ses", region_name=REGION)
    client.verify_email_identity(EmailAddress=SENDER)
    asked: list[dict[str, Any]] = []
    client.meta.events.register(
        "provide-client-params.ses.SendEmail", lambda params, **_: asked.append(dict(params))
    )

    def sent() -> list[tuple[str, str, str]]:
        bodies = [(mail["Destination"]["ToAddresses"][0], mail["Message"]["Body"]) for mail in asked]
        return [(to, body["Text"]["Data"], body["Html"]["Data"]) for to, body in bodies]

    return SesMailer(client, SENDER), sent


def test_a_letter_is_sent_in_plain_text_and_in_html(post: tuple[Mailer, Sent]) -> None:
    mailer, sent = post
    mailer.send("ada@example.com", LETTER)
    mail = worded(LETTER)
    ((to, text, html),) = sent()
    assert to == "ada@example.com"
    assert (text, html) == (mail.text, mail.html)


def test_a_stack_without_a_sender_says_it_sends_nothing(aws: Any) -> None:
    with pytest.raises(Unavailable):
        SesMailer(aws("ses", region_name=REGION), "").send("ada@example.com", LETTER)


def test_an_unverified_sender_is_the_operators_to_mend(aws: Any) -> None:
    mailer = SesMailer(aws("ses", region_name=REGION), "nobody@elsewhere.example")
    with pytest.raises(AwsRefused):
        mailer.send("ada@example.com", LETTER)
