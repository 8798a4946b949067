"""Verifying kie's callbacks."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime

from darkroom_vendors.callbacks import CallbackKeys, is_timely
from darkroom_vendors.json_access import mapping

_TASK_ID = re.compile(r"[\w-]{1,64}", re.ASCII)


def _task_id(body: bytes) -> str | None:
    """The task's id, which a callback spells in one of two ways."""
    try:
        data = mapping(mapping(json.loads(body)).get("data"))
    except (ValueError, RecursionError):
        return None
    task_id = data.get("taskId") or data.get("task_id")
    return task_id if isinstance(task_id, str) and _TASK_ID.fullmatch(task_id) else None


class KieCallbacks:
    """Verifies the market's callbacks: see :class:`darkroom_vendors.callbacks.Verifier`.

    The signature covers the task's id and the time but not the body. The operator enables signing in the market's
    console; without a ``kie_webhook`` secret the unguessable address of the callback has to do.
    """

    def __init__(self, keys: CallbackKeys) -> None:
        self._keys = keys

    def verify(self, headers: Mapping[str, str], body: bytes, now: datetime) -> str | None:
        """The id of the task a callback is about; ``None`` if the callback proves nothing."""
        task_id, secret = _task_id(body), self._keys.secret("kie_webhook")
        if task_id is None or not secret:
            return task_id
        timestamp = headers.get("x-webhook-timestamp", "")
        if not re.fullmatch(r"[0-9]{1,10}", timestamp):
            return None
        if not is_timely(datetime.fromtimestamp(int(timestamp), UTC), now):
            return None
        mac = hmac.new(secret.encode(), f"{task_id}.{timestamp}".encode(), hashlib.sha256).digest()
        signature = headers.get("x-webhook-signature", "").encode()
        return task_id if hmac.compare_digest(base64.b64encode(mac), signature) else None
