"""Writing to a workspace's owner what must not pass unnoticed."""

from __future__ import annotations

from dataclasses import dataclass

from darkroom.domain.accounts.letters import letter_of
from darkroom.domain.webhooks.events import Event
from darkroom.ports.accounts import Accounts, Mailer


@dataclass(frozen=True, slots=True)
class WriteToOwner:
    """Mails a letter of an event to the address of the workspace it is of."""

    accounts: Accounts
    mailer: Mailer

    def __call__(self, event: Event) -> bool:
        """Write, if the event is one to write of and the workspace has an address; returns whether it was.

        Raises
        ------
        Unavailable
        """
        workspace = self.accounts.workspace(event.owner.workspace_id)
        if workspace is None or not workspace.email:
            return False
        letter = letter_of(event, workspace.name)
        if letter is None:
            return False
        self.mailer.send(workspace.email, letter)
        return True
