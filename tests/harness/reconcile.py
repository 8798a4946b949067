"""A stack to reconcile: on which jobs were made, and one on which they are made meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from darkroom.domain.billing.ledger import grant_entry
from darkroom.domain.jobs.job import Job
from darkroom.domain.reconcile.books import Discrepancy, Reconciliation, Turn
from darkroom.domain.writes import AppendEntry, GrantCredits
from tests.harness.core import CoreHarness
from tests.harness.stream import record_jobs

DAY = timedelta(days=1)


class BookedHarness(CoreHarness):
    """A stack on which some jobs were made yesterday, and counted; some are under way."""

    def __init__(self) -> None:
        super().__init__(credits=100)
        changes = record_jobs(self.memory)
        self.done = [self.made("a red kite", 2), self.made("[[fail:0]] a kite", 2), self.made("[[block]]")]
        self.deleted = self.made("a boat")
        self.core.delete_job(self.caller(), self.job(self.deleted.id), refundable=True)
        self.open = [self.submit("[[slow:999999]]", 2)]
        self.clock.advance(DAY)
        self.core.count_usage(changes)
        self.calls.made.clear()

    def made(self, prompt: str, count: int = 1) -> Job:
        job = self.submit(prompt, count)
        self.work()
        return self.job(job.id)

    def turns(self, since: datetime | None = None, steps: int = 10**6) -> Reconciliation:
        """A run, in turns of so many steps."""
        turn: Turn | None = self.core.reconcile.begin(since)
        for _ in range(1000):
            left = iter(range(steps))
            assert turn is not None
            turn = self.core.reconcile(turn, lambda left=left: next(left, None) is not None)  # type: ignore[misc]
            if turn is None:
                result = self.book_reader.last()
                assert result is not None
                return result
            self.reconcile_queue.send(turn)
            turn = self.reconcile_queue.turns.pop()
        raise AssertionError("the run never ended")

    def found(self) -> list[tuple[Discrepancy, str, int, int]]:
        return [(one.kind, one.what, one.expected, one.found) for one in self.turns().differences]

    def wallet_becomes(self, **changes: Any) -> None:
        self.memory.wallets[self.owner] = replace(self.wallet, **changes)

    def job_becomes(self, job: Job, **changes: Any) -> None:
        self.memory.jobs[self.owner, job.id] = replace(self.job(job.id), **changes)


class Busy:
    """Traffic between the reads of a run: at the first of its looks, or at all of them."""

    def __init__(self, stack: BookedHarness, *, always: bool = False) -> None:
        self.stack, self.always, self.times, self.working = stack, always, 0, False
        for port, names in (
            ("book_reader", ("entries", "entries_since", "open_jobs")),
            ("accounts", ("wallet", "entry")),
            ("jobs", ("get_many",)),
        ):
            for name in names:
                self._wrap(getattr(stack, port), name)

    def _wrap(self, port: Any, name: str) -> None:
        read: Callable[..., Any] = getattr(port, name)

        def first_work(*arguments: Any) -> Any:
            self._work()
            return read(*arguments)

        setattr(port, name, first_work)

    def _work(self) -> None:
        if self.working or (self.times > 40 and not self.always):
            return
        self.working, self.times = True, self.times + 1
        cause = f"grant-{self.times}"
        now = self.stack.clock.now()
        self.stack.store.commit(
            GrantCredits(self.stack.owner, 1), AppendEntry(grant_entry(self.stack.owner, cause, 1, now))
        )
        if self.times % 3 == 0:
            self.stack.made("a red kite")
        if self.times % 7 == 0:
            self.stack.submit("[[slow:999999]]")
            self.stack.take_messages()
        self.working = False
