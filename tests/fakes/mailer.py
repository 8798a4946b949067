"""Mail in memory."""

from __future__ import annotations

from dataclasses import dataclass

from darkroom.domain.accounts.letters import Letter
from darkroom.domain.errors import Unavailable


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail as it was sent."""

    to: str
    subject: str
    text: str
    html: str


class FakeMailer:
    """Keeps what was sent. ``down`` makes it send nothing and say so."""

    def __init__(self) -> None:
        self.sent: list[Mail] = []
        self.down = False

    def send(self, to: str, letter: Letter) -> None:
        if self.down:
            raise Unavailable("No mail can be sent just now.")
        from darkroom.adapters.letters import worded  # noqa: PLC0415 - as where mails are sent

        mail = worded(letter)
        self.sent.append(Mail(to, mail.subject, mail.text, mail.html))
