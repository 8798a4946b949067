"""Lambda entry: messages from the vendors' queue, each one step of one output made by a vendor."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from darkroom.domain.jobs.messages import TaskMessage
from darkroom.entrypoints.task_worker import task_worker
from darkroom.wiring import container
from darkroom_graphics.decoder import DECODER
from darkroom_graphics.masks import SkiaMasks
from darkroom_graphics.pictures import SkiaPictures

LEASE: Final = timedelta(seconds=330)  # the function may run for 300 s


def _execute(message: TaskMessage) -> None:
    core = container()
    core.execute_task(core.engines(SkiaMasks()), LEASE, SkiaPictures())(message)


DECODER.start()  # it takes longer than the rest of this start, and nobody waits for it
handler = task_worker(_execute)
