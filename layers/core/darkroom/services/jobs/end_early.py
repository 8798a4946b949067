"""Ending a job before its work has ended: in the store, and then at whoever is still at work on it."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from darkroom.domain.errors import Unavailable
from darkroom.domain.jobs.job import FailureCode, Job, Late, TaskState
from darkroom.domain.jobs.late_work import late_id
from darkroom.domain.jobs.messages import TaskMessage, TaskStep

if TYPE_CHECKING:
    from collections.abc import Callable

    from darkroom.domain.catalog.routes import Queue
    from darkroom.domain.writes import Write
    from darkroom.ports.storage import Queues
    from darkroom.services.jobs.advance_and_settle import AdvanceAndSettle

logger = logging.getLogger(__name__)


def end_early(
    advance_and_settle: AdvanceAndSettle,
    queues: Queues,
    job: Job,
    change: Callable[[Job], Job],
    *,
    late: Late | None = None,
    also: Callable[[Job], tuple[Write, ...]] = lambda _: (),
) -> Job:
    """End a job by ``change`` before its work has ended, and have that stopped or looked after as ``late`` work.

    Raises
    ------
    StaleJob
        The job has ended before.
    """
    ended = advance_and_settle(job, change, still_needed=lambda _: True, late=late, also=also)
    _tell_engines(queues, ended, late)
    return ended


def _tell_engines(queues: Queues, ended: Job, late: Late | None) -> None:
    """Queue messages about the work of a job that ended early and is still under way at engines.

    It is to stop or, where it goes on at a vendor as ``late`` work, to be looked after there.
    """
    underway: dict[Queue, list[TaskMessage]] = {}
    for task in ended.tasks:
        if task.handle and (task.state is TaskState.CANCELED or task.failure is FailureCode.TIMED_OUT):
            route = ended.route_of(task)
            goes_on = late is not None and route.is_vendor
            step = TaskStep.POLL if goes_on and late is not Late.UNWANTED else TaskStep.CANCEL
            about = late_id(ended.id) if goes_on else ended.id
            message = TaskMessage(ended.owner, about, task.index, step)
            underway.setdefault(route.queue, []).append(message)
    try:
        for queue, messages in underway.items():
            queues.send_tasks(queue, messages)
    except Unavailable:
        # Housekeeping looks after late work, and an engine's late result is dropped.
        logger.warning("job %s was ended but its engine was not asked to stop", ended.id)
