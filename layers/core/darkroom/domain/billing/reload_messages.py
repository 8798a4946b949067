"""Messages to the worker that sells credits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from darkroom.domain.accounts.workspaces import Owner


@dataclass(frozen=True, slots=True)
class ReloadMessage:
    """Look whether an owner's credits are to be reloaded, ``not_before`` a moment if there is one."""

    owner: Owner
    not_before: datetime | None = None
