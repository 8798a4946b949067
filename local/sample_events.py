"""The trigger payloads under ``events/``, with what only a running stack knows put in.

A file says ``${keys.memes_test}`` where it needs that member of ``.local/stack.json``, so that it is valid JSON
without a stack and holds no key.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from local.emulator.info import StackInfo
from tools.errors import LocalError

_PLACEHOLDER = re.compile(r"\$\{([\w.-]+)\}")


def read_event(path: Path, info: StackInfo) -> str:
    """A file's event as JSON text, its placeholders filled from the stack. Raises LocalError."""
    try:
        text = path.read_text()
    except OSError as error:
        raise LocalError(f"{path} cannot be read: {error.strerror}") from None
    known = asdict(info)
    filled = _PLACEHOLDER.sub(lambda found: _member(known, found[1]), text)
    try:
        json.loads(filled)
    except ValueError as error:
        raise LocalError(f"{path} is not JSON: {error}") from None
    return filled


def _member(known: Mapping[str, Any], path: str) -> str:
    value: Any = known
    for name in path.split("."):
        value = value.get(name) if isinstance(value, dict) else None
    if not isinstance(value, str):
        raise LocalError(f"the stack knows no {path}; .local/stack.json says what there is")
    return value
