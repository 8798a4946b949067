"""Mail in memory."""

from __future__ import annotations

from dataclasses import dataclass

from darkroom.domain.errors import Unavailable


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail as it was sent."""

    to: str
    subject: str
    text: str


class FakeMailer:
    """Keeps what was sent. ``down`` makes it send nothing and say so."""

    def __init__(self) -> None:
        self.sent: list[Mail] = []
        self.down = False

    def send(self, to: str, subject: str, text: str) -> None:
        if self.down:
            raise Unavailable("No mail can be sent just now.")
        self.sent.append(Mail(to, subject, text))
