"""Scratch memory for one picture at a time, used again for the next.

The system gives and takes back large pieces page by page, which costs a small picture a fifth of its time.
"""

from __future__ import annotations

import math
import threading
from typing import Final

import numpy as np
from numpy.typing import NDArray

KEPT_BYTES: Final = 32_000_000  # per use; what a larger picture needs is given back


class _ThreadMemory(threading.local):
    """This thread's arrays, by what they are used for."""

    def __init__(self) -> None:
        self.by_use: dict[str, NDArray[np.uint8]] = {}


_memory = _ThreadMemory()


def scratch(use: str, shape: tuple[int, ...]) -> NDArray[np.uint8]:
    """An array of any content. It is valid until this thread asks for the same ``use`` again."""
    size = math.prod(shape)
    if size > KEPT_BYTES:
        return np.empty(shape, np.uint8)
    array = _memory.by_use.get(use)
    if array is None or array.size < size:
        array = _memory.by_use[use] = np.empty(size, np.uint8)
    return array[:size].reshape(shape)
