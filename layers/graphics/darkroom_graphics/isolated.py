"""Works on strangers' bytes in another process, which has no credentials, a limit of memory and a deadline.

A library that draws or decodes can be made to run for minutes, to take gigabytes or to crash, and no bound that is
looked at between its calls helps. A process can be stopped at any moment.

The process is started with an empty environment and forks for each call, so that no call finds anything that another
left behind. It speaks through pipes: Lambda has no shared memory.
"""

from __future__ import annotations

import fcntl
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
from contextlib import suppress
from dataclasses import dataclass
from typing import IO, Any, Final

from darkroom_graphics.unusable_picture import TakesTooMuch, UnusablePicture

DONE: Final = b"d"
REFUSED: Final = b"r"
HEADER: Final = struct.Struct(">cQ")  # how it ended, how many bytes follow
REQUEST: Final = struct.Struct(">dQ?Q")  # seconds, bytes of memory, may it open files, how many bytes follow
START_SECONDS: Final = 30.0
MAX_RESULT_BYTES: Final = 300_000_000
PIPE_BYTES: Final = 1 << 20  # what a pipe holds at once: as much as Linux lets anybody have

_BOOT: Final = """
import sys
sys.path[:] = sys.argv[2:]
from darkroom_graphics.isolated_child import serve
serve(sys.argv[1])
"""


@dataclass(frozen=True, slots=True)
class IsolationLimits:
    """What one call may take: seconds until it is stopped, and bytes of memory beyond what the process has.

    Unless it ``opens_files`` a call can open nothing at all: no file, no connection, nothing of another process.
    """

    seconds: float
    memory_bytes: int
    opens_files: bool = False


class IsolatedProcess:
    """Calls a module's ``work(request: bytes) -> bytes`` in another process, one call at a time.

    ``module`` is imported there and nowhere else. The process is started by :meth:`start` or the first call, and
    again after one that had to be stopped; it ends with this object or with this process.
    """

    def __init__(self, module: str) -> None:
        self._module = module
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._ready = False

    def start(self) -> None:
        """Starts the process and does not wait for it, so that it is there when it is needed."""
        with self._lock:
            if self._running() is None:
                self._begin()

    def call(self, request: bytes, limits: IsolationLimits) -> bytearray:
        """What ``work`` returned.

        Raises
        ------
        UnusablePicture
            ``work`` raised it, or the call took more time or memory than ``limits`` allow, or crashed.
        RuntimeError
            The process cannot be started.
        """
        with self._lock:
            process = self._running() or self._begin()
            self._await(process)
            try:
                return _asked(process, request, limits)
            except _Stopped as problem:
                self._process = None
                _stop(process)
                raise TakesTooMuch from problem

    def _running(self) -> subprocess.Popen[bytes] | None:
        """The process, if it did not end between two calls, for which the next one is not to blame."""
        process = self._process
        if process and process.poll() is not None:
            _stop(process)  # what it forked for the next call ends with its pipes
            process = self._process = None
        return process

    def _begin(self) -> subprocess.Popen[bytes]:
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
        for pipe in (process.stdin, process.stdout):
            with suppress(OSError):  # then it is the usual 64 KiB, which is slower
                fcntl.fcntl(_pipe(pipe), fcntl.F_SETPIPE_SZ, PIPE_BYTES)
        self._process, self._ready = process, False
        return process

    def _await(self, process: subprocess.Popen[bytes]) -> None:
        """Waits until a process that was started has loaded its module."""
        if self._ready:
            return
        try:
            _read_result(process, time.monotonic() + START_SECONDS)
        except _Stopped as problem:
            self._process = None
            _stop(process)
            raise RuntimeError(f"the process of {self._module} does not start") from problem
        self._ready = True


class _Stopped(Exception):
    """The process ended, or its time did."""


def _asked(process: subprocess.Popen[bytes], request: bytes, limits: IsolationLimits) -> bytearray:
    ends = time.monotonic() + limits.seconds
    head = REQUEST.pack(limits.seconds, limits.memory_bytes, limits.opens_files, len(request))
    try:
        _pipe(process.stdin).write(head)
        _write_all(_pipe(process.stdin).fileno(), request)
    except OSError as problem:
        raise _Stopped from problem
    how, result = _read_result(process, ends)
    if how == REFUSED:
        raise UnusablePicture(result.decode())
    return result


def _read_result(process: subprocess.Popen[bytes], ends: float) -> tuple[bytes, bytearray]:
    how, size = HEADER.unpack(_read(process, HEADER.size, ends))
    if size > MAX_RESULT_BYTES:
        raise _Stopped
    return how, _read(process, size, ends)


def _read(process: subprocess.Popen[bytes], size: int, ends: float) -> bytearray:
    """Exactly ``size`` bytes of what the process writes."""
    source, poll = _pipe(process.stdout).fileno(), select.poll()
    poll.register(source, select.POLLIN)
    result = bytearray(size)
    rest = memoryview(result)
    while rest:
        if not poll.poll(max(0.0, ends - time.monotonic()) * 1000):
            raise _Stopped
        if not (count := os.readv(source, [rest])):
            raise _Stopped
        rest = rest[count:]
    return result


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
