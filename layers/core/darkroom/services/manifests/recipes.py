"""What is made of a manifest's rows: how one is read, how rows are packed, and the jobs of a segment."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Protocol

from darkroom.domain.catalog.offers import usable_routes
from darkroom.domain.catalog.routes import SANDBOX, Route, work_of
from darkroom.domain.jobs.job import Job, new_tasks
from darkroom.domain.jobs.messages import TaskMessage
from darkroom.domain.jobs.spec import PNG, ChunkSpec, Spec
from darkroom.domain.manifests.manifest import Make, Manifest
from darkroom.domain.manifests.records import Unreadable
from darkroom.domain.manifests.rows import (
    CARRIED,
    IMAGE_COLUMNS,
    MEME_COLUMNS,
    ImageRow,
    image_row,
    payload_of,
    render_columns,
)
from darkroom.domain.manifests.segments import ImagePacking, JobPlan, Packing, RenderPacking
from darkroom.domain.renders import names
from darkroom.services.renders.make_render_job import BULK, render_message

if TYPE_CHECKING:
    from darkroom.domain.accounts.workspaces import Workspace
    from darkroom.domain.catalog.offers import Catalog, Offer
    from darkroom.domain.templates.template import Template
    from darkroom.ports.renders import Templates

# Of every job: a manifest's wait for thousands before them, so an offer's own time is not enough.
DEADLINE = timedelta(hours=6)
# They wait in their queue by design: looking at each of them earlier would only keep housekeeping from others' jobs.
FIRST_CHECK_IN_BULK = timedelta(minutes=15)


class Recipe(Protocol):
    """What one manifest's rows become."""

    @property
    def window(self) -> int:
        """How many segments may be under way at once."""
        ...

    def columns_problem(self, columns: tuple[str, ...]) -> str | None: ...

    def read_row(self, content: dict[str, Any]) -> Any: ...

    def packing(self, segment: int) -> Packing[Any]: ...

    def jobs(self, segment: int, plans: Sequence[JobPlan], now: datetime) -> list[Job]: ...

    def messages(self, job: Job) -> list[TaskMessage]: ...


@dataclass(frozen=True, slots=True)
class Recipes:
    """Finds a manifest's recipe. ``engines`` and the sandbox's switches are as for single requests."""

    templates: Templates
    catalog: Catalog
    engines: Collection[str]
    sandbox: bool
    sandbox_fallback: bool

    def __call__(self, manifest: Manifest, workspace: Workspace) -> Recipe:
        """The recipe.

        Raises
        ------
        Unreadable
            What it asks for cannot be made any more.
        """
        order = manifest.order
        if order.offer_id not in self.catalog.offers:
            raise Unreadable("offer", "What the rows are to become is not sold any more.")
        if order.make is Make.GENERATIONS:
            return GenerationRecipe(manifest, workspace, self)
        template = None
        if order.template_id is not None and order.template_version is not None:
            template = self.templates.version(manifest.owner, order.template_id, order.template_version)
        if template is None:
            raise Unreadable("template", "The template's version is gone.")
        return RenderRecipe(manifest, template, self)


@dataclass(frozen=True, slots=True)
class RenderRecipe:
    """Renders of one version of a template."""

    manifest: Manifest
    template: Template
    recipes: Recipes

    window = 10

    def columns_problem(self, columns: tuple[str, ...]) -> str | None:
        """What is wrong with a header."""
        return _unknown(
            columns, render_columns(self.template.document), "The template has nothing to fill at"
        )

    def read_row(self, content: dict[str, Any]) -> Mapping[str, Any]:
        """A row's payload."""
        return payload_of(self.template.document, content)

    def packing(self, segment: int) -> RenderPacking:
        """Where the rows of a segment go."""
        return RenderPacking(
            self.template.id,
            self.template.version,
            self.manifest.order.ratio,
            batch=self.manifest.id,
            manifest=self.manifest.payloads_key(segment),
            encoding=self.manifest.order.encoding or PNG,
        )

    def jobs(self, segment: int, plans: Sequence[JobPlan], now: datetime) -> list[Job]:
        """The chunks of a segment, priced as of now: one lane, in which each sends the next when it has ended."""
        offer, price = self.recipes.catalog.priced(self.manifest.order.offer_id, now)
        return [
            replace(
                _job(self.manifest, self.manifest.job_id(segment, number), offer, BULK, price, plan, now),
                kind=names.RENDER,
                task_units=1 if price else 0,
                spec=self._in_lane(segment, number, plans),
            )
            for number, plan in enumerate(plans)
        ]

    def _in_lane(self, segment: int, number: int, plans: Sequence[JobPlan]) -> Spec:
        """A chunk's spec with those that come before and after it."""
        spec, last = plans[number].spec, number + 1 == len(plans)
        if not isinstance(spec, ChunkSpec):
            return spec
        return replace(
            spec,
            after=self.manifest.job_id(segment, number - 1) if number else "",
            then="" if last else self.manifest.job_id(segment, number + 1),
            then_rows=0 if last else plans[number + 1].tasks,
        )

    def messages(self, job: Job) -> list[TaskMessage]:
        """What starts a chunk, if it is the first of its segment."""
        return [] if isinstance(job.spec, ChunkSpec) and job.spec.after else [render_message(job)]


@dataclass(frozen=True, slots=True)
class GenerationRecipe:
    """Outputs of an offer."""

    manifest: Manifest
    workspace: Workspace
    recipes: Recipes

    window = 2  # vendors are slower than the renderer

    @property
    def _columns(self) -> Sequence[str]:
        offer = self.recipes.catalog.offers[self.manifest.order.offer_id]
        return MEME_COLUMNS if offer.kind == "meme" else IMAGE_COLUMNS

    def columns_problem(self, columns: tuple[str, ...]) -> str | None:
        """What is wrong with a header."""
        return _unknown(columns, self._columns, "There is no column")

    def read_row(self, content: dict[str, Any]) -> ImageRow:
        """A row's picture."""
        return image_row(content, self._columns, self.workspace.extras)

    def packing(self, segment: int) -> ImagePacking:  # noqa: ARG002 - nothing is stored for pictures
        """Where the rows of a segment go."""
        return ImagePacking(meme=self._columns is MEME_COLUMNS)

    def jobs(self, segment: int, plans: Sequence[JobPlan], now: datetime) -> list[Job]:
        """The jobs of a segment, priced and routed as of now.

        Raises
        ------
        Unavailable
            Nothing on this stack makes the offer's output at the moment.
        """
        offer, price = self.recipes.catalog.priced(self.manifest.order.offer_id, now)
        routes = usable_routes(
            offer,
            work_of(offer.kind, ()),
            livemode=self.manifest.owner.livemode,
            engines=self.recipes.engines,
            sandbox=self.recipes.sandbox,
            sandbox_fallback=self.recipes.sandbox_fallback,
            now=now,
        )
        kept = () if routes[0].engine == SANDBOX else routes
        units = 1 if offer.counted else 0
        return [
            replace(
                _job(
                    self.manifest, self.manifest.job_id(segment, number), offer, routes[0], price, plan, now
                ),
                routes=kept,
                task_units=units,
            )
            for number, plan in enumerate(plans)
        ]

    def messages(self, job: Job) -> list[TaskMessage]:
        """What starts a job: one message for each picture."""
        return [TaskMessage(job.owner, job.id, task.index) for task in job.tasks]


def _job(
    manifest: Manifest, job_id: str, offer: Offer, route: Route, price: int, plan: JobPlan, now: datetime
) -> Job:
    return Job(
        id=job_id,
        owner=manifest.owner,
        key_id=manifest.key_id,
        dialect=offer.dialect,
        kind=offer.kind,
        offer_id=offer.id,
        model=offer.model,
        collection=offer.collection,
        feature=offer.feature,
        engine=route.engine,
        engine_model=route.engine_model,
        queue=route.queue,
        spec=plan.spec,
        unit_price=price,
        tasks=new_tasks(job_id, plan.tasks),
        created_at=now,
        deadline_at=now + DEADLINE,
        check_at=now + FIRST_CHECK_IN_BULK,
        manifest=manifest.id,
    )


def _unknown(columns: Sequence[str], known: Collection[str], what: str) -> str | None:
    unknown = [name for name in columns if not name.startswith(CARRIED) and name not in known]
    return f"{what}: {', '.join(unknown[:5])}." if unknown else None
