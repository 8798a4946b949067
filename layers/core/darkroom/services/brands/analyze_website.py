"""Reading a brand's profile from its website: by a vendor's model if one is enabled, and by rule.

A worker reads the page first. What it says by rule is the answer's ground: a model's words stand in place of it where
there are any, and its colours only where the page has none, for those of the page were counted.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from darkroom.domain.brands.profiles import profile_of
from darkroom.domain.jobs.spec import BrandProfile, TextSpec
from darkroom.services.commit_counted import save_answer
from darkroom.services.jobs.submit_job import Submission

if TYPE_CHECKING:
    from darkroom.domain.brands.web_page import WebPage
    from darkroom.ports.storage import Store
    from darkroom.ports.system import Clock
    from darkroom.services.accounts.authenticate import Caller
    from darkroom.services.brands.read_web_page import ReadWebPage
    from darkroom.services.idempotency import IdempotencyContext
    from darkroom.services.vendors.write_text import WriteText

# How long a member may be in a kit, which the answer is to fill.
_LINES: Final = {"company_name": 500, "industry": 500, "tone_of_voice": 500}
_PARAGRAPHS: Final = {"target_audience": 4000, "website_context": 4000}
_COLOR: Final = re.compile(r"#(?:[0-9A-Fa-f]{3}|[0-9A-Fa-f]{6})")
_MAX_COLORS: Final = 8


@dataclass(frozen=True, slots=True)
class WebsiteAnalysis:
    """A brand as its website shows it, and the page it was read from."""

    profile: BrandProfile
    page: WebPage


@dataclass(frozen=True, slots=True)
class AnalyzeWebsite:
    """Analyses websites for callers of a dialect, whose offer for that is ``offer_id``. Nothing is kept."""

    read_web_page: ReadWebPage
    write_text: WriteText
    store: Store
    clock: Clock
    offer_id: str

    def __call__(
        self, caller: Caller, url: str, idempotency: IdempotencyContext[WebsiteAnalysis] | None = None
    ) -> WebsiteAnalysis:
        """What the website at ``url`` says; a vendor that fails or takes too long is not in the way.

        Raises
        ------
        InvalidParam
            It is no page that can be read.
        ContentBlocked, GenerationTimedOut, RateLimited, Unavailable
        AlreadyAnswered, IdempotencyConflict
            The idempotency key was used before.
        """
        page = self.read_web_page(caller, url, param="url")
        spec = TextSpec(page.url or url, "auto", website=page.words)
        written = self.write_text(caller, Submission(self.offer_id, spec))
        analysis = WebsiteAnalysis(_merged(profile_of(page), written or {}), page)
        save_answer(self.store, caller, idempotency, analysis, self.clock.now())
        return analysis


def _merged(by_rule: BrandProfile, written: Mapping[str, Any]) -> BrandProfile:
    """What a model wrote, where it is usable, in place of what follows by rule."""
    words = {
        name: text[:limit]
        for name, limit in (_LINES | _PARAGRAPHS).items()
        if isinstance(text := written.get(name), str) and text.strip()
    }
    colors = [one for one in written.get("brand_colors") or () if _COLOR.fullmatch(str(one))]
    return replace(by_rule, **words, brand_colors=by_rule.brand_colors or tuple(colors[:_MAX_COLORS]))
