"""Waits: how many requests of a workspace may be held open at once.

A request that waits, for its job or for something new in a stream, holds a function. All that a workspace holds at
once are slots of one limit.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from darkroom.domain.accounts.workspaces import Owner

# No function that answers requests runs for longer: a slot of one that died is free again then.
LONGEST: Final = timedelta(seconds=30)
RETRY_SECONDS: Final = 2


def limit_name(owner: Owner) -> str:
    """The limit whose slots are a workspace's waits, in live and in test mode. No vendor has such a name."""
    return f"waits#{owner.workspace_id}"
