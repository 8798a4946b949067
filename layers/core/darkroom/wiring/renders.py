"""Templates, renders and batches."""

from __future__ import annotations

from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from darkroom.wiring.jobs import LEASE, JobServices

if TYPE_CHECKING:
    from darkroom.ports.renders import Renderer
    from darkroom.services.renders.expand_batch import ExpandBatch
    from darkroom.services.renders.manage_templates import ManageTemplates
    from darkroom.services.renders.render_rows import RenderRows
    from darkroom.services.renders.request_batch import RequestBatch
    from darkroom.services.renders.request_render import RequestRender
    from darkroom.services.renders.watch_batch import WatchBatch


class RenderServices(JobServices):
    """Templates, renders and batches."""

    @cached_property
    def manage_templates(self) -> ManageTemplates:
        from darkroom.services.renders.manage_templates import ManageTemplates

        return ManageTemplates(self.store, self.templates, self.fonts, self.clock, self.ids)

    @cached_property
    def request_render(self) -> RequestRender:
        from darkroom.catalog_data import catalog, pixeldrive
        from darkroom.services.renders.request_render import RequestRender

        return RequestRender(
            self.accept_job,
            self.run_job.finish,
            self.clock,
            self.ids,
            catalog(),
            pixeldrive.RENDER,
            pixeldrive.PREVIEW,
        )

    @cached_property
    def request_batch(self) -> RequestBatch:
        from darkroom.catalog_data import catalog, pixeldrive
        from darkroom.services.renders.request_batch import RequestBatch

        return RequestBatch(self.accept_job, self.blobs, self.clock, self.ids, catalog(), pixeldrive.BATCH)

    @cached_property
    def watch_batch(self) -> WatchBatch:
        from darkroom.services.renders.watch_batch import WatchBatch

        return WatchBatch(self.jobs)

    @cached_property
    def expand_batch(self) -> ExpandBatch:
        from darkroom.services.renders.expand_batch import ExpandBatch

        return ExpandBatch(self.jobs, self.store, self.vendor_limits, self.queues, self.clock)

    def render_rows(self, renderer: Renderer, lease: timedelta = LEASE) -> RenderRows:
        """The worker's use case for renders. It caches templates and pictures, so a worker makes it once."""
        from darkroom.services.keep_trying import KeepTrying
        from darkroom.services.renders.draw_rows import DrawRows
        from darkroom.services.renders.finish_rows import FinishRows
        from darkroom.services.renders.load_rows import LoadRows
        from darkroom.services.renders.pictures import Pictures
        from darkroom.services.renders.render_rows import RenderRows

        return RenderRows(
            self.jobs,
            self.renders,
            LoadRows(self.templates, self.blobs),
            DrawRows(Pictures(self.picture_fetcher), renderer, self.blobs, self.clock),
            FinishRows(self.renders, self.advance_and_settle, self.clock),
            KeepTrying(self.clock),
            self.queues,
            self.clock,
            lease,
        )
