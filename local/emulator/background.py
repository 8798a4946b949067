"""Bulk work in workers of its own, at a lower priority: nobody's single request waits for thousands of another's.

On AWS an environment's processor is its own. Here all share this machine's, and a single render had to wait for a
worker to be started, or to get its turn, beside those that rendered rows by the thousand.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from typing import Any, Final

QUEUES: Final = ("BulkRenderQueue", "ManifestQueue")  # whose messages nobody waits for; logical ids
NICE: Final = 5  # three turns of everybody else's for one of these; more would starve them on a busy machine
_SUFFIX: Final = "-bulk"

_here = threading.local()


def set_apart(service: Any, runtime: Any) -> None:
    """Have the emulator's Lambda ``service``, and its ``runtime`` of worker processes, treat bulk work so."""
    service._run_sqs_batch = _marking(service._run_sqs_batch)  # noqa: SLF001 - it has no other door
    service.acquire_worker = _of_its_own(service.acquire_worker)
    service.invalidate_worker = _with_its_own(service.invalidate_worker)
    runtime.subprocess = _Processes(runtime.subprocess)


def _marking(run: Callable[..., None]) -> Callable[..., None]:
    """Run a batch of messages, and know meanwhile, in its thread, whether it is bulk work."""

    def run_marked(esm: Any, func_rec: Any, event: Any, batch: Any, queue_url: str, queue_name: str) -> None:
        _here.bulk = any(name in queue_name for name in QUEUES)
        try:
            run(esm, func_rec, event, batch, queue_url, queue_name)
        finally:
            _here.bulk = False

    return run_marked


def _is_bulk() -> bool:
    return getattr(_here, "bulk", False)


def _of_its_own(acquire: Callable[..., Any]) -> Callable[..., Any]:
    """Bulk work has a pool of workers for itself: to the emulator they are those of another version."""

    def acquire_one(*args: Any, qualifier: str = "$LATEST", **options: Any) -> Any:
        return acquire(*args, qualifier=qualifier + _SUFFIX if _is_bulk() else qualifier, **options)

    return acquire_one


def _with_its_own(invalidate: Callable[..., None]) -> Callable[..., None]:
    """Who ends a version's workers ends those of its bulk work too."""

    def invalidate_both(func_name: str, qualifier: str | None = None, **scope: Any) -> None:
        invalidate(func_name, qualifier=qualifier, **scope)
        if qualifier is not None:
            invalidate(func_name, qualifier=qualifier + _SUFFIX, **scope)

    return invalidate_both


class _Processes:
    """The module ``subprocess``, which starts the workers of bulk work with a lower priority."""

    def __init__(self, module: Any) -> None:
        self._module = module

    def __getattr__(self, name: str) -> Any:
        return getattr(self._module, name)

    def Popen(self, *args: Any, **options: Any) -> Any:  # noqa: N802 - as the module calls it
        process = self._module.Popen(*args, **options)
        if _is_bulk():
            os.setpriority(os.PRIO_PROCESS, process.pid, os.getpriority(os.PRIO_PROCESS, 0) + NICE)
        return process
