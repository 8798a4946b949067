"""Jobs from submission to settlement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from darkroom.wiring.vendors import VendorServices

if TYPE_CHECKING:
    from darkroom.domain.accounts.workspaces import Owner
    from darkroom.domain.files.file import File
    from darkroom.domain.jobs.spec import Input
    from darkroom.domain.media.sniffing import Media
    from darkroom.http.waiting import WaitForJob
    from darkroom.ports.jobs import Engine
    from darkroom.ports.vendors import Pictures
    from darkroom.services.billing.spread_wallet import SpreadWallet
    from darkroom.services.jobs.accept_job import AcceptJob
    from darkroom.services.jobs.advance_and_settle import AdvanceAndSettle
    from darkroom.services.jobs.bound_waits import BoundWaits
    from darkroom.services.jobs.cancel_job import CancelJob
    from darkroom.services.jobs.charge_late_work import ChargeLateWork
    from darkroom.services.jobs.delete_asset import DeleteAsset
    from darkroom.services.jobs.delete_job import DeleteJob
    from darkroom.services.jobs.execute_task import ExecuteTask
    from darkroom.services.jobs.find_root import FindRoot
    from darkroom.services.jobs.forward_to_sandbox import ForwardToSandbox
    from darkroom.services.jobs.rehost_image import RehostImage
    from darkroom.services.jobs.resolve_inputs import ResolveInputs
    from darkroom.services.jobs.run_for_document import RunForDocument
    from darkroom.services.jobs.run_job import RunJob
    from darkroom.services.jobs.store_input import StoreInput
    from darkroom.services.jobs.submit_job import SubmitJob
    from darkroom.services.jobs.sweep import Sweep
    from darkroom.services.jobs.trace_lineage import TraceLineage
    from darkroom.services.vendors.refine_prompt import RefinePrompt
    from darkroom.services.vendors.write_text import WriteText

SYNCHRONOUS_SECONDS = 22  # a function may run for 29 s, within which the output must also be read and sent
WRITING_SECONDS = 15  # then one does without the text
LEASE = timedelta(seconds=90)  # for a worker whose function may run for 60 s


class JobServices(VendorServices):
    """Jobs from submission to settlement."""

    @cached_property
    def advance_and_settle(self) -> AdvanceAndSettle:
        from darkroom.services.jobs.advance_and_settle import AdvanceAndSettle

        return AdvanceAndSettle(self.store, int(self.settings.refunds_per_day))

    @cached_property
    def accept_job(self) -> AcceptJob:
        from darkroom.services.jobs.accept_job import AcceptJob

        return AcceptJob(self.store, self.queues, self.bound_waits, lambda: self.spread_wallet)

    @cached_property
    def spread_wallet(self) -> SpreadWallet:
        from darkroom.services.billing.spread_wallet import SpreadWallet

        return SpreadWallet(self.store, self.accounts)

    @cached_property
    def bound_waits(self) -> BoundWaits:
        from darkroom.services.jobs.bound_waits import BoundWaits

        return BoundWaits(self.store, self.clock, self.ids, int(self.settings.waits_per_workspace))

    @property
    def has_sandbox(self) -> bool:
        """Whether the stack was deployed with the offline engine."""
        return bool(self.settings.queue_sandbox_url)

    @cached_property
    def forward_to_sandbox(self) -> ForwardToSandbox:
        from darkroom.services.jobs.forward_to_sandbox import ForwardToSandbox

        return ForwardToSandbox(self.queues, self.has_sandbox)

    @cached_property
    def submit_job(self) -> SubmitJob:
        from darkroom.catalog_data import catalog
        from darkroom.services.jobs.submit_job import SubmitJob

        return SubmitJob(
            self.accept_job,
            self.clock,
            self.ids,
            catalog(),
            engines=frozenset(self.vendors),
            sandbox=self.has_sandbox,
            sandbox_fallback=self.settings.sandbox_fallback,
        )

    @cached_property
    def run_job(self) -> RunJob:
        from darkroom.services.jobs.run_job import RunJob

        return RunJob(
            self.submit_job,
            self.wait_for_job,
            self.advance_and_settle,
            self.queues,
            self.clock,
            SYNCHRONOUS_SECONDS,
            self.jobs,
            self.charge_late_work,
            self.bound_waits,
        )

    @cached_property
    def charge_late_work(self) -> ChargeLateWork:
        from darkroom.services.jobs.charge_late_work import ChargeLateWork

        return ChargeLateWork(self.store, self.clock, lambda: self.spread_wallet)

    @cached_property
    def wait_for_job(self) -> WaitForJob:
        from darkroom.http.waiting import WaitForJob

        return WaitForJob(self.jobs)

    @cached_property
    def cancel_job(self) -> CancelJob:
        from darkroom.services.jobs.cancel_job import CancelJob

        return CancelJob(self.jobs, self.advance_and_settle, self.queues, self.clock)

    @cached_property
    def find_root(self) -> FindRoot:
        from darkroom.services.jobs.find_root import FindRoot

        return FindRoot(self.assets)

    @cached_property
    def trace_lineage(self) -> TraceLineage:
        from darkroom.services.jobs.trace_lineage import TraceLineage

        return TraceLineage(self.assets, self.find_root)

    @cached_property
    def delete_asset(self) -> DeleteAsset:
        from darkroom.services.jobs.delete_asset import DeleteAsset

        return DeleteAsset(self.store, self.clock)

    @cached_property
    def delete_job(self) -> DeleteJob:
        from darkroom.services.jobs.delete_job import DeleteJob

        return DeleteJob(
            self.store,
            self.queues,
            self.clock,
            self.advance_and_settle,
            int(self.settings.refunds_per_day),
        )

    @cached_property
    def store_input(self) -> StoreInput:
        from darkroom.services.jobs.store_input import StoreInput

        return StoreInput(self.blobs, self.ids)

    @cached_property
    def resolve_inputs(self) -> ResolveInputs:
        from darkroom.services.jobs.resolve_inputs import ResolveInputs

        return ResolveInputs(self.assets, self.url_check, self.links.own, self._store_input, self._unsettled)

    def _unsettled(self, owner: Owner, ids: Sequence[str]) -> Mapping[str, File]:
        """Builds the reader of files only once an id is no asset's."""
        return self.files.get_many(owner, ids)

    def _store_input(self, owner: Owner, role: str, data: bytes, media: Media) -> Input:
        """Builds the bucket's client only once there are bytes to store."""
        return self.store_input(owner, role, data, media)

    @cached_property
    def rehost_image(self) -> RehostImage:
        from darkroom.services.jobs.rehost_image import RehostImage

        return RehostImage(self.prompt_fetcher, self.blobs, self.store, self.clock)

    @cached_property
    def refine_prompt(self) -> RefinePrompt:
        from darkroom.catalog_data import moondraft
        from darkroom.services.vendors.refine_prompt import RefinePrompt

        return RefinePrompt(self.write_text, self.refiner, moondraft.REFINE)

    @property
    def write_text(self) -> WriteText:
        """Texts of a vendor's model, for callers who wait."""
        from darkroom.services.vendors.write_text import WriteText

        return WriteText(self.run_for_document(WRITING_SECONDS))

    def run_for_document(self, seconds: float) -> RunForDocument:
        """Free jobs that are waited for, for so many seconds each."""
        from darkroom.services.jobs.run_for_document import RunForDocument

        return RunForDocument(replace(self.run_job, seconds=seconds), self.blobs)

    def execute_task(
        self, engines: Mapping[str, Engine], lease: timedelta = LEASE, pictures: Pictures | None = None
    ) -> ExecuteTask:
        """The use case of a worker with ``engines``, and ``pictures`` if it can read those.

        ``lease`` outlasts the longest that the worker's function may run, and ends long before its message returns.
        """
        from darkroom.services.jobs.claim_task import ClaimTask
        from darkroom.services.jobs.collect_output import CollectOutput
        from darkroom.services.jobs.execute_task import ExecuteTask
        from darkroom.services.jobs.gather_input_files import GatherInputFiles
        from darkroom.services.jobs.queue_task import QueueTask
        from darkroom.services.jobs.settle_task import SettleTask
        from darkroom.services.keep_trying import KeepTrying

        queue_task, keep_trying = QueueTask(self.queues, self.clock, self.meter), KeepTrying(self.clock)
        return ExecuteTask(
            self.jobs,
            ClaimTask(self.jobs, queue_task, self.call_vendor, lease),
            self.call_vendor,
            GatherInputFiles(self.blobs, self.fetcher, pictures),
            CollectOutput(self.blobs, self.downloads, self.find_root),
            SettleTask(self.jobs, self.advance_and_settle, self.blobs, queue_task, keep_trying, self.clock),
            queue_task,
            keep_trying,
            self.clock,
            engines,
        )

    @cached_property
    def sweep(self) -> Sweep:
        from darkroom.services.jobs.sweep import Sweep
        from darkroom.services.jobs.tend_job import TendJob

        tend = TendJob(self.jobs, self.advance_and_settle, self.queues)
        return Sweep(self.jobs, self.endpoints, tend, self.queues, self.clock, self.meter)
