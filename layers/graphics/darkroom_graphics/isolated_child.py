"""The other side of ``isolated``: a process that forks for each call, and works within the limits it is given."""

from __future__ import annotations

import math
import os
import resource
import struct
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Final

from darkroom_graphics.isolated import DONE, HEADER, REFUSED
from darkroom_graphics.unusable_picture import UnusablePicture

_REQUEST: Final = struct.Struct(">dQQ")


def serve(module: str) -> None:
    """Answers requests until the pipe is closed. Ends when a call could not end by itself."""
    work: Callable[[bytes], bytes] = import_module(module).work
    _write(DONE, b"")
    while head := _read(_REQUEST.size):
        seconds, memory, size = _REQUEST.unpack(head)
        request = _read(size)
        child = os.fork()
        if not child:
            _work(work, request, seconds, memory)
        if os.waitpid(child, 0)[1]:
            return


def _work(work: Callable[[bytes], bytes], request: bytes, seconds: float, memory: int) -> None:
    """Does one call and ends the process, with 0 where the whole result was written."""
    try:
        _limit(seconds, memory)
        try:
            _write(DONE, work(request))
        except UnusablePicture as problem:
            _write(REFUSED, str(problem).encode())
    except BaseException:  # noqa: BLE001 - whatever it is, this process ends here
        os._exit(1)
    os._exit(0)


def _limit(seconds: float, memory: int) -> None:
    """Takes from this process what it does not need: memory, time, files to write, processes to start."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    for limit, value in (
        (resource.RLIMIT_AS, pages * resource.getpagesize() + memory),
        (resource.RLIMIT_CPU, math.ceil(seconds)),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (value, value))


def _read(size: int) -> bytes:
    return sys.stdin.buffer.read(size)


def _write(how: bytes, result: bytes) -> None:
    sys.stdout.buffer.write(HEADER.pack(how, len(result)) + result)
    sys.stdout.buffer.flush()
