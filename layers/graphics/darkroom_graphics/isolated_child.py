"""The other side of ``isolated``: a process that forks for each call, and works within the limits it is given."""

from __future__ import annotations

import math
import os
import resource
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from darkroom_graphics.isolated import DONE, HEADER, REFUSED, REQUEST, IsolationLimits
from darkroom_graphics.unusable_picture import UnusablePicture


def serve(module: str) -> None:
    """Answers requests until the pipe is closed. Ends when a call could not end by itself.

    The process for the next call is there before its request is, so that nobody waits for it to be made.
    """
    work: Callable[[bytes], bytes | memoryview] = import_module(module).work
    _write(DONE, b"")
    ended = 0
    while not ended:
        child = os.fork()
        if not child:
            _work(work)
        ended = os.waitpid(child, 0)[1]


def _work(work: Callable[[bytes], bytes | memoryview]) -> None:
    """Does one call and ends the process, with 0 where the whole result was written."""
    try:
        seconds, memory, opens_files, size = REQUEST.unpack(_read(REQUEST.size))
        request = _read(size)
        _limit(IsolationLimits(seconds, memory, opens_files))
        try:
            _write(DONE, work(request))
        except UnusablePicture as problem:
            _write(REFUSED, str(problem).encode())
    except BaseException:  # noqa: BLE001 - whatever it is, or no request comes any more: this process ends here
        os._exit(1)
    os._exit(0)


def _limit(limits: IsolationLimits) -> None:
    """Takes from this process what it does not need: memory, time, files to write, processes to start."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    for limit, value in (
        (resource.RLIMIT_AS, pages * resource.getpagesize() + limits.memory_bytes),
        (resource.RLIMIT_CPU, math.ceil(limits.seconds)),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (value, value))
    if not limits.opens_files:
        resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))


def _read(size: int) -> bytes:
    return sys.stdin.buffer.read(size)


def _write(how: bytes, result: bytes | memoryview) -> None:
    sys.stdout.buffer.write(HEADER.pack(how, len(result)))
    sys.stdout.buffer.write(result)
    sys.stdout.buffer.flush()
