"""Housekeeping: finding what got stuck, finishing or refunding it, and saying that somebody looked.

Jobs, deliveries, manifests, grants and wallets are parts of their own: none is kept from its turn by what goes wrong
in another. So is each row within a part: one that cannot be helped, or that this version cannot read, is counted and
looked at later.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from darkroom.domain.jobs.job import Job
from darkroom.domain.paging import Due, RowKey
from darkroom.domain.webhooks.delivery_messages import DeliveryMessage
from darkroom.ports.jobs import Jobs
from darkroom.ports.storage import Queues
from darkroom.ports.system import Clock, Meter
from darkroom.ports.webhooks import Endpoints
from darkroom.services.jobs.metrics import Metric
from darkroom.services.jobs.tend_job import RECHECK, Tended, TendJob

logger = logging.getLogger(__name__)

UNREADABLE_RECHECK = timedelta(hours=1)
JOBS_TIME = timedelta(seconds=30)  # of the minute that a round may take


class SweepIncomplete(Exception):
    """A part of the round could not be done at all; the others were."""


@dataclass(slots=True)
class Swept:
    """What one round of housekeeping did, and how many rows it could do nothing with."""

    requeued: int = 0
    timed_out: int = 0
    deliveries: int = 0
    manifests: int = 0
    expired: int = 0
    evened: int = 0
    set_aside: int = 0
    failed: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Sweep:
    """One round of housekeeping over at most ``limit`` jobs and as many deliveries.

    ``wake_manifests`` sends the overdue manifests their messages; it returns to how many. ``expire_grants`` has the
    grants expire that have ended; it returns of how many owners. ``tend_wallets`` evens out the busy workspaces'
    wallets; it returns how many.
    """

    jobs: Jobs
    endpoints: Endpoints
    tend: TendJob
    queues: Queues
    clock: Clock
    meter: Meter
    wake_manifests: Callable[[], int] = lambda: 0
    expire_grants: Callable[[], int] = lambda: 0
    tend_wallets: Callable[[], int] = lambda: 0
    limit: int = 200

    def __call__(self) -> Swept:
        """Handle every job, delivery, manifest and grant that is due.

        Raises
        ------
        SweepIncomplete
        """
        now, swept = self.clock.now(), Swept()
        self._part("jobs", self._jobs, now, swept)
        self._part("deliveries", self._deliveries, now, swept)
        self._part("manifests", self._manifests, now, swept)
        self._part("grants", self._grants, now, swept)
        self._part("wallets", self._wallets, now, swept)
        if swept.failed:
            raise SweepIncomplete(", ".join(swept.failed))
        self.meter.count(Metric.ROUND)
        return swept

    def _part(self, name: str, part: Callable[[datetime, Swept], None], now: datetime, swept: Swept) -> None:
        try:
            part(now, swept)
        except Exception:
            logger.exception("the %s could not be looked at", name)
            swept.failed.append(name)

    def _jobs(self, now: datetime, swept: Swept) -> None:
        due = self.jobs.due(now, self.limit)
        for job in due.items:
            if self.clock.now() - now > JOBS_TIME:
                logger.warning("the next round goes on with the jobs")
                break
            tended = self._tended(job, now, swept)
            swept.requeued += tended is Tended.REQUEUED
            swept.timed_out += tended is Tended.TIMED_OUT
        self._set_aside(due, self.jobs.set_aside, now, swept)

    def _tended(self, job: Job, now: datetime, swept: Swept) -> Tended | None:
        try:
            return self.tend(job, now)
        except Exception:
            logger.exception("job %s could not be helped", job.id)
            self._count(swept)
        try:
            self.jobs.postpone(job, now + RECHECK)
        except Exception:
            logger.exception("job %s could not be put off", job.id)
        return None

    def _deliveries(self, now: datetime, swept: Swept) -> None:
        due = self.endpoints.due(now, self.limit)
        self._set_aside(due, self.endpoints.set_aside, now, swept)
        if due.items:
            messages = [DeliveryMessage(one.owner, one.endpoint_id, one.id) for one in due.items]
            self.queues.send_deliveries(messages)
        swept.deliveries = len(due.items)

    def _manifests(self, _: datetime, swept: Swept) -> None:
        swept.manifests = self.wake_manifests()

    def _grants(self, _: datetime, swept: Swept) -> None:
        swept.expired = self.expire_grants()

    def _wallets(self, _: datetime, swept: Swept) -> None:
        swept.evened = self.tend_wallets()

    def _set_aside[T](
        self, due: Due[T], set_aside: Callable[[RowKey, datetime], None], now: datetime, swept: Swept
    ) -> None:
        for row in due.unreadable:
            self._count(swept)
            try:
                set_aside(row, now + UNREADABLE_RECHECK)
            except Exception:
                logger.exception("the row %s %s could not be put off", row.pk, row.sk)

    def _count(self, swept: Swept) -> None:
        swept.set_aside += 1
        self.meter.count(Metric.SET_ASIDE)
