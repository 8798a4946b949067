"""Mail through Amazon SES."""

from __future__ import annotations

from typing import Any

from darkroom.adapters.aws_errors import translating
from darkroom.domain.errors import Unavailable


class SesMailer:
    """Sends from one verified address; without one, nothing can be sent on this stack."""

    def __init__(self, client: Any, sender: str) -> None:
        self._client = client
        self._sender = sender

    def send(self, to: str, subject: str, text: str) -> None:
        if not self._sender:
            raise Unavailable("This stack sends no mail.", retry_after=3600)
        with translating():
            self._client.send_email(
                Source=self._sender,
                Destination={"ToAddresses": [to]},
                Message={
                    "Subject": {"Data": subject, "Charset": "UTF-8"},
                    "Body": {"Text": {"Data": text, "Charset": "UTF-8"}},
                },
            )
