"""Planning a carousel while the caller waits: by a vendor's model if one is enabled, else by rule."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from darkroom.domain.carousels.outlining import outlined
from darkroom.domain.carousels.plan import KEPT, CarouselPlan, Outline
from darkroom.domain.jobs.spec import Input, Slide, TextSpec
from darkroom.domain.writes import SavePlan
from darkroom.services.commit_counted import commit_counted
from darkroom.services.jobs.submit_job import Submission

if TYPE_CHECKING:
    from darkroom.ports.storage import Store
    from darkroom.ports.system import Clock, Ids
    from darkroom.services.accounts.authenticate import Caller
    from darkroom.services.brands.read_web_page import ReadWebPage
    from darkroom.services.idempotency import IdempotencyContext
    from darkroom.services.vendors.write_text import WriteText


@dataclass(frozen=True, slots=True)
class PlanCarousel:
    """Plans carousels for callers of a dialect, whose offer for that is ``offer_id``."""

    write_text: WriteText
    read_web_page: ReadWebPage
    store: Store
    clock: Clock
    ids: Ids
    offer_id: str

    def __call__(
        self,
        caller: Caller,
        spec: TextSpec,
        website_url: str | None,
        *,
        inputs: tuple[Input, ...] = (),
        idempotency: IdempotencyContext[CarouselPlan] | None = None,
    ) -> CarouselPlan:
        """Plan what ``spec`` describes and keep the plan; ``inputs`` are a brand's pictures, for the rendering.

        A page that cannot be read, a vendor that fails or takes too long are not in the way.

        Raises
        ------
        ContentBlocked, InvalidParam, RateLimited, Unavailable
        AlreadyAnswered, IdempotencyConflict
            The idempotency key was used before.
        """
        page = self.read_web_page.if_readable(caller, website_url, param="business_website")
        if page is not None:
            spec = replace(spec, website=page.words)
        written = self.write_text(caller, Submission(self.offer_id, spec))
        outline = _outline_of(written) if written else outlined(spec)
        now = self.clock.now()
        plan = CarouselPlan(
            concept_title=outline.concept_title,
            viral_mechanic=outline.viral_mechanic,
            audience=outline.audience,
            cta=outline.cta,
            slides=outline.slides,
            id=self.ids.new(),
            owner=caller.owner,
            aspect_ratio=spec.aspect_ratio,
            created_at=now,
            kept_until=now + KEPT,
            goal=spec.goal or "leads",
            platform=spec.platform,
            brand=spec.brand,
            inputs=inputs,
        )
        commit_counted(self.store, caller, idempotency, plan, now, SavePlan(plan))
        return plan


def _outline_of(written: Mapping[str, Any]) -> Outline:
    slides = tuple(
        Slide(one["role"], one["on_image_text"], one["visual_direction"]) for one in written["slides"]
    )
    named = ("concept_title", "viral_mechanic", "audience", "cta")
    return Outline(**{name: str(written[name]) for name in named}, slides=slides)
