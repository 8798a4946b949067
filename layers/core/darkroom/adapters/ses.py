"""Mail through Amazon SES."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from darkroom.adapters.aws_errors import translating
from darkroom.domain.errors import Unavailable

if TYPE_CHECKING:
    from darkroom.domain.accounts.letters import Letter


class SesMailer:
    """Sends from one verified address; without one, nothing can be sent on this stack."""

    def __init__(self, client: Any, sender: str) -> None:
        self._client = client
        self._sender = sender

    def send(self, to: str, letter: Letter) -> None:
        if not self._sender:
            raise Unavailable("This stack sends no mail.", retry_after=3600)
        from darkroom.adapters.letters import worded  # noqa: PLC0415 - few requests send a mail

        mail = worded(letter)
        with translating():
            self._client.send_email(
                Source=self._sender,
                Destination={"ToAddresses": [to]},
                Message={
                    "Subject": {"Data": mail.subject, "Charset": "UTF-8"},
                    "Body": {
                        "Text": {"Data": mail.text, "Charset": "UTF-8"},
                        "Html": {"Data": mail.html, "Charset": "UTF-8"},
                    },
                },
            )
