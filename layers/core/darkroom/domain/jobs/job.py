"""Jobs and their tasks: the one state machine.

    job    queued → processing → succeeded · partial · failed · canceled
    task   queued → running → (waiting →) succeeded · failed · canceled

A task is *running* under a lease while a worker holds it and *waiting* while a vendor does. Which tasks are
finished is a set of indexes, so a message that arrives twice adds nothing. Functions here return the job as it
should become; the store writes it on condition that the finished set is still the one they saw.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from darkroom.domain.accounts.workspaces import Feature, Owner
from darkroom.domain.catalog.routes import UNLISTED, Queue, Route
from darkroom.domain.ids import derived
from darkroom.domain.jobs.assets import Asset
from darkroom.domain.jobs.facts import NO_FACTS, Facts, RenderFacts, VendorFacts
from darkroom.domain.jobs.spec import Spec

ATTEMPT_BUDGET = 2
CAROUSEL = "carousel"  # the kind of job whose tasks are seen one by one


LEASE_SLACK = timedelta(seconds=60)


class JobStatus(StrEnum):
    """A job's state; the last four are terminal."""

    QUEUED = "queued"
    PROCESSING = "processing"
    SUCCEEDED = "succeeded"
    PARTIAL = "partial"
    FAILED = "failed"
    CANCELED = "canceled"


class TaskState(StrEnum):
    """A task's state; the last three are terminal."""

    QUEUED = "queued"
    RUNNING = "running"
    WAITING = "waiting"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELED = "canceled"


class Late(StrEnum):
    """What the late work of a job that ended early is for: see :mod:`darkroom.domain.jobs.late_work`."""

    UNWANTED = "unwanted"  # it was canceled: its hold is released when the vendor has stopped
    PAID = "paid"  # it is waited for no more; its hold stays, and a success is charged
    REFUNDED = "refunded"  # it is waited for no more and holds nothing; who asks for it again pays


OPEN_STATUSES = frozenset({JobStatus.QUEUED, JobStatus.PROCESSING})


TERMINAL_STATUSES = frozenset(JobStatus) - OPEN_STATUSES


FINISHED_STATES = frozenset({TaskState.SUCCEEDED, TaskState.FAILED, TaskState.CANCELED})


class FailureCode(StrEnum):
    """Why a task has no output. Dialects translate it; the order is the order of telling."""

    CONTENT_BLOCKED = "content_blocked"
    INPUT_REJECTED = "input_rejected"
    FAILED = "generation_failed"
    TIMED_OUT = "generation_timed_out"


@dataclass(frozen=True, slots=True)
class Task:
    """One output to make.

    ``lease_until`` guards a running task, ``poll_at`` a waiting one; ``handle`` is the engine's name for the
    work. ``attempts`` counts starts, recorded before each call. ``reason`` says of a failed task what was wrong with
    its input, in words for the client. ``facts`` are what is known of how it went. A ``free`` task was delivered
    without being made for it, and is not charged.

    A waiting task that has an ``asset`` or a ``failure`` already is *decided*: it only remains to be settled.

    ``route`` is which of the job's routes it takes, ``route_from`` how many starts there had been before it took that
    one, ``waits`` how often that one was busy. Of the starts, ``settled`` are known to have come to nothing; what
    became of the others is not known. A queued task with a ``poll_at`` is not to be started before it.
    """

    index: int
    id: str
    state: TaskState = TaskState.QUEUED
    attempts: int = 0
    lease_until: datetime | None = None
    poll_at: datetime | None = None
    handle: str | None = None
    failure: FailureCode | None = None
    asset: Asset | None = None
    reason: str | None = None
    facts: Facts = NO_FACTS
    free: bool = False
    route: int = 0
    route_from: int = 0
    settled: int = 0
    waits: int = 0

    @property
    def decided(self) -> bool:
        """Whether it is known what the task is to end with, although that was not settled yet."""
        open_ = self.state not in FINISHED_STATES
        return open_ and (self.asset is not None or self.failure is not None)

    @property
    def vendor_facts(self) -> VendorFacts:
        """How the task went at a vendor; nothing, of one that never was at any."""
        return self.facts if isinstance(self.facts, VendorFacts) else NO_FACTS

    @property
    def render_facts(self) -> RenderFacts:
        """What is known of a finished render.

        Raises
        ------
        TypeError
            The task is none.
        """
        if not isinstance(self.facts, RenderFacts):
            raise TypeError(f"task {self.id} is no finished render")
        return self.facts


@dataclass(frozen=True, slots=True)
class Job:
    """One accepted request with its price snapshot and its tasks in order.

    ``task_units`` is what each task counts against the plan's allowance for ``feature``. ``routes`` are the ways
    there were to make its outputs when it was accepted; ``engine``, ``engine_model`` and ``queue`` are the first's. A
    deleted job is in no list. ``manifest`` is the id of the manifest whose rows it makes: such a job is in no list
    either, and its end is no event. Nor is that of the ``late`` work of a job that ended early, ``late_of``; where it
    was refunded, it was asked for again and paid at ``charged_at``. ``refunded`` credits were given back when the job
    was deleted. ``budgets`` are the keys whose budgets it counts against.
    """

    id: str
    owner: Owner
    key_id: str
    dialect: str
    kind: str
    offer_id: str
    model: str
    collection: str
    feature: Feature
    engine: str
    engine_model: str
    queue: Queue
    spec: Spec
    unit_price: int
    tasks: tuple[Task, ...]
    created_at: datetime
    deadline_at: datetime
    check_at: datetime
    status: JobStatus = JobStatus.QUEUED
    charged: int = 0
    completed_at: datetime | None = None
    task_units: int = 1
    routes: tuple[Route, ...] = ()
    deleted_at: datetime | None = None
    manifest: str | None = None
    late: Late | None = None
    late_of: str | None = None
    charged_at: datetime | None = None
    refunded: int = 0
    shard: int = 0  # of the wallet, from which it is paid
    budgets: tuple[str, ...] = ()

    @property
    def ways(self) -> tuple[Route, ...]:
        """The routes; of a job that says nothing of them, the only one."""
        return self.routes or (Route(self.engine, self.queue, self.engine_model),)

    def route_of(self, task: Task) -> Route:
        """The route a task of this job takes."""
        return self.ways[min(task.route, len(self.ways) - 1)]

    def spec_as[T: Spec](self, sort: type[T]) -> T:
        """The spec of a job that is known to be of that sort.

        Raises
        ------
        TypeError
            It is of another.
        """
        if not isinstance(self.spec, sort):
            raise TypeError(f"job {self.id}, a {self.kind}, has a {type(self.spec).__name__}")
        return self.spec

    @property
    def held(self) -> int:
        """Credits reserved for the whole job."""
        return self.unit_price * self._covered

    @property
    def units(self) -> int:
        """What the whole job counts against the plan's allowance."""
        return self.task_units * self._covered

    @property
    def _covered(self) -> int:
        """How many tasks the hold is for: of late work, those that were under way."""
        if self.late is Late.REFUNDED:
            return 0
        elsewhere = sum(task.state is TaskState.CANCELED and task.free for task in self.tasks)
        return len(self.tasks) - elsewhere

    @property
    def moves_nothing(self) -> bool:
        """Whether the job neither costs credits nor counts against an allowance: no wallet hears of it."""
        return self.held == 0 and self.units == 0

    @property
    def is_unlisted(self) -> bool:
        """Whether it only serves another request: it is in no list, no event is of it and nobody cancels it."""
        return self.kind in UNLISTED

    @property
    def finished(self) -> frozenset[int]:
        """Indexes of the tasks that have ended, in whatever way."""
        return frozenset(task.index for task in self.tasks if task.state in FINISHED_STATES)

    @property
    def terminal(self) -> bool:
        """Whether nothing can change any more."""
        return self.status in TERMINAL_STATUSES

    @property
    def succeeded_tasks(self) -> tuple[Task, ...]:
        """The tasks with an output, in order."""
        return tuple(task for task in self.tasks if task.state is TaskState.SUCCEEDED)

    @property
    def paid_tasks(self) -> tuple[Task, ...]:
        """The tasks whose output was made for this job, which is what is charged and counted."""
        if self.late is Late.REFUNDED:
            return ()
        return tuple(task for task in self.succeeded_tasks if not task.free)

    @property
    def failed_tasks(self) -> tuple[Task, ...]:
        """The tasks that ended without one, not counting canceled ones."""
        return tuple(task for task in self.tasks if task.state is TaskState.FAILED)

    @property
    def failure(self) -> FailureCode | None:
        """The failure to tell about: the weightiest of its tasks', once the job failed or is partial."""
        codes = {task.failure for task in self.failed_tasks}
        return next((code for code in FailureCode if code in codes), None) if self.terminal else None

    @property
    def failure_reason(self) -> str | None:
        """What was wrong with an input, in words for the client, if that is the failure to tell about."""
        told = (task.reason for task in self.failed_tasks if task.failure is self.failure)
        return next((reason for reason in told if reason), None)


def task_id(job_id: str, index: int) -> str:
    """The deterministic id of a job's task; its asset carries the same one."""
    return derived(job_id, "task", index)


def new_tasks(job_id: str, count: int) -> tuple[Task, ...]:
    """The tasks of a fresh job."""
    return tuple(Task(index, task_id(job_id, index)) for index in range(count))
