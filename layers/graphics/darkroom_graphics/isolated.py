"""Works on strangers' bytes in another process, which has no credentials, a limit of memory and a deadline.

A library that draws or decodes can be made to run for minutes, to take gigabytes or to crash, and no bound that is
looked at between its calls helps. A process can be stopped at any moment.

The process is started with an empty environment and forks for each call, so that no call finds anything that another
left behind. It speaks through pipes: Lambda has no shared memory.
"""

from __future__ import annotations

import os
import select
import signal
import struct
import subprocess
import sys
import sysconfig
import threading
import time
import weakref
from dataclasses import dataclass
from typing import IO, Any, Final

from darkroom_graphics.unusable_picture import UnusablePicture

DONE: Final = b"d"
REFUSED: Final = b"r"
HEADER: Final = struct.Struct(">cQ")  # how it ended, how many bytes follow
START_SECONDS: Final = 30.0
MAX_RESULT_BYTES: Final = 300_000_000

_BOOT: Final = """
import sys
sys.path[:] = sys.argv[2:]
from darkroom_graphics.isolated_child import serve
serve(sys.argv[1])
"""


@dataclass(frozen=True, slots=True)
class IsolationLimits:
    """What one call may take: seconds until it is stopped, and bytes of memory beyond what the process has."""

    seconds: float
    memory_bytes: int


class IsolatedProcess:
    """Calls a module's ``work(request: bytes) -> bytes`` in another process, one call at a time.

    ``module`` is imported there and nowhere else. The process is started by the first call and again after one that
    had to be stopped; it ends with this object or with this process.
    """

    def __init__(self, module: str) -> None:
        self._module = module
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None

    def call(self, request: bytes, limits: IsolationLimits) -> bytes:
        """What ``work`` returned.

        Raises
        ------
        UnusablePicture
            ``work`` raised it, or the call took more time or memory than ``limits`` allow, or crashed.
        RuntimeError
            The process cannot be started.
        """
        with self._lock:
            process = self._running() or self._started()
            try:
                return _asked(process, request, limits)
            except _Stopped as problem:
                self._process = None
                _stop(process)
                raise UnusablePicture("takes too much time or memory, make it simpler") from problem

    def _running(self) -> subprocess.Popen[bytes] | None:
        """The process, if it did not end between two calls, for which the next one is not to blame."""
        return self._process if self._process and self._process.poll() is None else None

    def _started(self) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            [sys.executable, "-I", "-S", "-B", "-c", _BOOT, self._module, *sys.path],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            env={
                "LD_LIBRARY_PATH": str(sysconfig.get_config_var("LIBDIR")),  # Lambda's Python is found by it
                "OPENBLAS_NUM_THREADS": "1",  # only a process of one thread may fork
            },
            start_new_session=True,
        )
        weakref.finalize(self, _stop, process)
        try:
            _read_result(process, time.monotonic() + START_SECONDS)
        except _Stopped as problem:
            _stop(process)
            raise RuntimeError(f"the process of {self._module} does not start") from problem
        self._process = process
        return process


class _Stopped(Exception):
    """The process ended, or its time did."""


def _asked(process: subprocess.Popen[bytes], request: bytes, limits: IsolationLimits) -> bytes:
    ends = time.monotonic() + limits.seconds
    head = struct.pack(">dQQ", limits.seconds, limits.memory_bytes, len(request))
    try:
        _pipe(process.stdin).write(head)
        _write_all(_pipe(process.stdin).fileno(), request)
    except OSError as problem:
        raise _Stopped from problem
    how, result = _read_result(process, ends)
    if how == REFUSED:
        raise UnusablePicture(result.decode())
    return result


def _read_result(process: subprocess.Popen[bytes], ends: float) -> tuple[bytes, bytes]:
    how, size = HEADER.unpack(_read(process, HEADER.size, ends))
    if size > MAX_RESULT_BYTES:
        raise _Stopped
    return how, _read(process, size, ends)


def _read(process: subprocess.Popen[bytes], size: int, ends: float) -> bytes:
    """Exactly ``size`` bytes of what the process writes."""
    source, poll = _pipe(process.stdout).fileno(), select.poll()
    poll.register(source, select.POLLIN)
    parts: list[bytes] = []
    while size:
        if not poll.poll(max(0.0, ends - time.monotonic()) * 1000):
            raise _Stopped
        part = os.read(source, min(size, 1 << 20))
        if not part:
            raise _Stopped
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def _write_all(target: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(target, rest) :]


def _pipe(pipe: IO[bytes] | None) -> IO[Any]:
    if pipe is None:
        raise _Stopped
    return pipe


def _stop(process: subprocess.Popen[bytes]) -> None:
    """Ends the process together with the call it forked for."""
    if process.returncode is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    _pipe(process.stdin).close()
    _pipe(process.stdout).close()
