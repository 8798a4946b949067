"""Where vendors call back: an address that names the task and cannot be guessed.

The token is the task's own name with our signature over it, so nothing has to be looked up to believe it.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass

from darkroom.domain.accounts.workspaces import Owner

_MODES = {"live": True, "test": False}
_SIGNATURE_CHARS = 40
_TOKEN = re.compile(r"([\w-]{1,64})\.(live|test)\.([\w-]{1,64})\.(\d{1,4})\.([0-9a-f]{40})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Awaited:
    """The task a callback address is about."""

    owner: Owner
    job_id: str
    index: int


def sealed(master: bytes, vendor: str, task: Awaited) -> str:
    """The token of a task's callback address for one vendor."""
    mode = "live" if task.owner.livemode else "test"
    name = f"{task.owner.workspace_id}.{mode}.{task.job_id}.{task.index}"
    return f"{name}.{_signature(master, vendor, name)}"


def opened(master: bytes, vendor: str, token: str) -> Awaited | None:
    """The task a token is about, ``None`` if it is not one we gave to that vendor."""
    found = _TOKEN.fullmatch(token)
    if found is None:
        return None
    name, _, signature = token.rpartition(".")
    if not hmac.compare_digest(signature, _signature(master, vendor, name)):
        return None
    workspace, mode, job_id, index, _ = found.groups()
    return Awaited(Owner(workspace, _MODES[mode]), job_id, int(index))


def names(handle: str, work_id: str) -> bool:
    """Whether a task's handle is about the work a vendor calls ``work_id``: the id stands in it as a whole word."""
    return bool(work_id) and re.search(rf"(?<![\w-]){re.escape(work_id)}(?![\w-])", handle) is not None


def _signature(master: bytes, vendor: str, name: str) -> str:
    signed = hmac.new(master, f"callback:{vendor}:{name}".encode(), hashlib.sha256)
    return signed.hexdigest()[:_SIGNATURE_CHARS]
