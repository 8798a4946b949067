"""Memory for one picture at a time, used again for the next.

The system gives and takes back large pieces page by page, which costs a small picture a fifth of its time.
"""

from __future__ import annotations

import math
import threading
from typing import Final

import numpy as np
from numpy.typing import NDArray

KEPT_BYTES: Final = 32_000_000  # per use; what a larger picture needs is given back


class _Held(threading.local):
    """What this thread has at hand, by what it is used for."""

    def __init__(self) -> None:
        self.by_use: dict[str, NDArray[np.uint8]] = {}


_held = _Held()


def scratch(use: str, shape: tuple[int, ...]) -> NDArray[np.uint8]:
    """An array of any content. It is valid until this thread asks for the same ``use`` again."""
    wanted = math.prod(shape)
    if wanted > KEPT_BYTES:
        return np.empty(shape, np.uint8)
    held = _held.by_use.get(use)
    if held is None or held.size < wanted:
        held = _held.by_use[use] = np.empty(wanted, np.uint8)
    return held[:wanted].reshape(shape)
