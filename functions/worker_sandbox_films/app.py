"""Lambda entry: messages from the queue of the sandbox's films, one film or piece of music each."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from darkroom.domain.catalog.routes import SANDBOX
from darkroom.domain.jobs.messages import TaskMessage
from darkroom.entrypoints.task_worker import task_worker
from darkroom.wiring import container
from darkroom_graphics.decoder import DECODER
from darkroom_sandbox.engine import SandboxEngine
from darkroom_sandbox.films.makers import MOVING

LEASE: Final = timedelta(seconds=330)  # the function may run for 300 s


def _execute(message: TaskMessage) -> None:
    core = container()
    core.execute_task({SANDBOX: SandboxEngine(core.clock, MOVING)}, LEASE)(message)


DECODER.start()  # it takes longer than the rest of this start, and nobody waits for it
handler = task_worker(_execute)
