"""The addresses that vendors call back: each names a task and cannot be guessed.

The token in an address is the task's name and our signature over it, so verifying one needs no look-up.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass

from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.master_secret import MasterSecret

_MODES = {"live": True, "test": False}
_SIGNATURE_CHARS = 40
_TOKEN = re.compile(r"([\w-]{1,64})\.(live|test)\.([\w-]{1,64})\.(\d{1,4})\.([0-9a-f]{40})", re.ASCII)


@dataclass(frozen=True, slots=True)
class CallbackTarget:
    """The task that a callback address names."""

    owner: Owner
    job_id: str
    index: int


def callback_token(master: MasterSecret, vendor: str, target: CallbackTarget) -> str:
    """The token of the target's callback address for one vendor."""
    mode = "live" if target.owner.livemode else "test"
    name = f"{target.owner.workspace_id}.{mode}.{target.job_id}.{target.index}"
    return f"{name}.{_signature(master.key, vendor, name)}"


def callback_target(master: MasterSecret, vendor: str, token: str) -> CallbackTarget | None:
    """The task that a token names; ``None`` if we did not give it to that vendor."""
    match = _TOKEN.fullmatch(token)
    if match is None:
        return None
    name, _, signature = token.rpartition(".")
    if not master.signed(signature, lambda key: _signature(key, vendor, name)):
        return None
    workspace, mode, job_id, index, _ = match.groups()
    return CallbackTarget(Owner(workspace, _MODES[mode]), job_id, int(index))


def is_about(handle: str, work_id: str) -> bool:
    """Whether a task's handle is of the work a vendor calls ``work_id``: it contains the id as a whole word."""
    return bool(work_id) and re.search(rf"(?<![\w-]){re.escape(work_id)}(?![\w-])", handle) is not None


def _signature(key: bytes, vendor: str, name: str) -> str:
    signed = hmac.new(key, f"callback:{vendor}:{name}".encode(), hashlib.sha256)
    return signed.hexdigest()[:_SIGNATURE_CHARS]
