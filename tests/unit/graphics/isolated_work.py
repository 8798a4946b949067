"""Work for an isolated process: what strangers' bytes may bring a library to."""

from __future__ import annotations

import ctypes
import os
import socket
from pathlib import Path
from typing import Final

from darkroom_graphics.unusable_picture import UnusablePicture

_left_behind: Final[list[bytes]] = []


def work(request: bytes) -> bytes:
    """Does what the request names."""
    match request.split():
        case [b"loop"]:
            while True:
                pass
        case [b"fill"]:
            return bytes(bytearray(4_000_000_000))[:1]
        case [b"crash"]:
            ctypes.string_at(0)
        case [b"refuse"]:
            raise UnusablePicture("is no good")
        case [b"fail"]:
            raise KeyError("secret")
        case [b"environment"]:
            return " ".join(sorted(os.environ)).encode()
        case [b"remember"]:
            _left_behind.append(request)
            return str(len(_left_behind)).encode()
        case _:
            return _outside(request)
    return b""


def _outside(request: bytes) -> bytes:
    """Reaches for what is outside of the process, where the request says so."""
    match request.split():
        case [b"write", path]:
            Path(path.decode()).write_bytes(b"x")
        case [b"open", path]:
            return Path(path.decode()).read_bytes()
        case [b"connect"]:
            socket.socket().close()
        case _:
            return request[::-1]
    return b""
