"""Lambda entry: messages from the queues of renders.

Each is one job of renders, one batch to expand, or one piece of the work that a stack does itself.
"""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from typing import Final

from darkroom.domain.catalog.routes import SANDBOX
from darkroom.domain.jobs.messages import TaskMessage, TaskStep
from darkroom.domain.media.imported import ImportedPicture
from darkroom.entrypoints.task_worker import task_worker
from darkroom.services.jobs.execute_task import ExecuteTask
from darkroom.services.renders.render_rows import RenderRows
from darkroom.wiring import Container, container
from darkroom_graphics.decoder import DECODER

LEASE: Final = timedelta(seconds=150)  # the function may run for 120 s


def _execute(message: TaskMessage) -> None:
    core = container()
    match message.step:
        case TaskStep.RENDER:
            _render_rows(core)(message)
        case TaskStep.EXPAND:
            core.expand_batch(message)
        case _:
            _other(core, message)


def _other(core: Container, message: TaskMessage) -> None:
    """Do the stack's own work; what earlier versions queued here for the sandbox goes there."""
    job = core.jobs.get(message.owner, message.job_id)
    if job is None or job.engine == SANDBOX:
        core.forward_to_sandbox(message)
    else:
        _house(core)(message)


@cache
def _render_rows(core: Container) -> RenderRows:
    """One for the process, because it keeps what the next render needs again."""
    # Loaded by the first render: a batch's expansion does not need it.
    from darkroom_renderer.renderer import PngRenderer  # noqa: PLC0415

    return core.render_rows(PngRenderer(fetch_font=core.blobs.get), LEASE)


@cache
def _house(core: Container) -> ExecuteTask:
    return core.do_house_work(_import_picture, LEASE)


def _import_picture(data: bytes, role: str) -> ImportedPicture:
    # Loaded by the first picture: a page is read without.
    from darkroom_renderer.imported_pictures import import_picture  # noqa: PLC0415

    return import_picture(data, role)


DECODER.start()  # it takes longer than the rest of this start, and nobody waits for it
handler = task_worker(_execute)
