"""Manifests."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from darkroom.wiring.billing import BillingServices
from darkroom.wiring.renders import RenderServices

if TYPE_CHECKING:
    from darkroom.domain.accounts.workspaces import Owner
    from darkroom.services.jobs.sweep import Sweep
    from darkroom.services.manifests.advance_manifest import AdvanceManifest
    from darkroom.services.manifests.cancel_manifest import CancelManifest
    from darkroom.services.manifests.orders import ResolveOrder
    from darkroom.services.manifests.read_manifests import ReadManifests
    from darkroom.services.manifests.register_manifest import RegisterManifest
    from darkroom.services.manifests.save import SaveNext
    from darkroom.services.manifests.start_manifest import StartManifest
    from darkroom.services.manifests.wake_manifests import WakeManifests


class ManifestServices(BillingServices, RenderServices):
    """Manifests."""

    @cached_property
    def resolve_order(self) -> ResolveOrder:
        from darkroom.catalog_data.manifests import MODELS, RENDERS
        from darkroom.services.manifests.orders import ResolveOrder

        return ResolveOrder(self.templates, RENDERS, MODELS)

    @cached_property
    def register_manifest(self) -> RegisterManifest:
        from darkroom.services.manifests.register_manifest import RegisterManifest

        return RegisterManifest(self.store, self.manifests, self.manifest_files, self.clock, self.ids)

    @cached_property
    def read_manifests(self) -> ReadManifests:
        from darkroom.services.manifests.read_manifests import ReadManifests

        return ReadManifests(self.manifests, self.blobs, self.clock)

    @cached_property
    def start_manifest(self) -> StartManifest:
        from darkroom.services.manifests.start_manifest import StartManifest

        return StartManifest(
            self.manifests,
            self.manifest_files,
            self.resolve_order,
            self.store,
            self._save_manifest,
            self.manifest_queue,
            self.clock,
        )

    @cached_property
    def cancel_manifest(self) -> CancelManifest:
        from darkroom.services.manifests.cancel_manifest import CancelManifest

        return CancelManifest(self.manifests, self._save_manifest, self.manifest_queue, self.clock)

    @cached_property
    def wake_manifests(self) -> WakeManifests:
        from darkroom.services.manifests.wake_manifests import WakeManifests

        return WakeManifests(self.manifests, self.manifest_queue, self._save_manifest, self.clock)

    @cached_property
    def sweep(self) -> Sweep:
        """Housekeeping, of manifests, grants and wallets too."""
        return replace(
            super().sweep,
            wake_manifests=self.wake_manifests.overdue,
            tend_wallets=self.spread_wallet.tend,
            expire_grants=self.expire_grants.overdue,
        )

    def credits_came(self, owner: Owner) -> None:
        """Wake the manifests that wait for an owner's credits, from a function that may."""
        if self.settings.queue_manifests_url:
            self.wake_manifests.of(owner)

    @cached_property
    def advance_manifest(self) -> AdvanceManifest:
        """The worker's use case. Loads what it takes to read templates."""
        from darkroom.catalog_data import catalog
        from darkroom.services.manifests.advance_manifest import AdvanceManifest
        from darkroom.services.manifests.collect_segments import CollectSegments
        from darkroom.services.manifests.expand_segments import ExpandSegments
        from darkroom.services.manifests.finish_manifest import FinishManifest
        from darkroom.services.manifests.recipes import Recipes

        save = self._save_manifest
        recipes = Recipes(
            self.templates,
            catalog(),
            frozenset(self.vendors),
            self.has_sandbox,
            self.settings.sandbox_fallback,
        )
        return AdvanceManifest(
            self.manifests,
            self.manifest_queue,
            CollectSegments(
                self.jobs,
                self.blobs,
                self.queues,
                self.advance_and_settle,
                self.clock,
                render_url=self.image_links.public,
                asset_url=self.links.file,
            ),
            ExpandSegments(
                self.accounts,
                self.manifest_files,
                self.blobs,
                self.queues,
                save,
                recipes,
                self.clock,
                lambda: self.spread_wallet,
            ),
            FinishManifest(self.blobs, save, self.clock),
            save,
            self.clock,
            self.meter,
        )

    @cached_property
    def _save_manifest(self) -> SaveNext:
        from darkroom.services.manifests.save import SaveNext

        return SaveNext(self.store)
