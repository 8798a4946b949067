"""Enhancing a prompt on request: by a vendor's model if one is enabled, else by rule, grounded in a web page."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from darkroom.domain.jobs.spec import TextSpec
from darkroom.domain.prompts.rewriting import enhance_prompt
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


@dataclass(frozen=True, slots=True)
class EnhancePrompt:
    """Enhances prompts for callers of a dialect, whose offer for that is ``offer_id``."""

    write_text: WriteText
    read_web_page: ReadWebPage
    store: Store
    clock: Clock
    offer_id: str

    def __call__(
        self,
        caller: Caller,
        spec: TextSpec,
        website_url: str | None,
        idempotency: IdempotencyContext[str] | None = None,
    ) -> str:
        """The enhanced prompt, at most 4000 characters.

        A page that cannot be read, a vendor that fails or takes too long are not in the way.

        Raises
        ------
        ContentBlocked, InvalidParam, RateLimited, Unavailable
        AlreadyAnswered, IdempotencyConflict
            The idempotency key was used before.
        """
        page = self.read_web_page.if_readable(caller, website_url, param="website_url")
        if page is not None:
            spec = replace(spec, website=page.words)
        written = self.write_text(caller, Submission(self.offer_id, spec))
        enhanced = str(written["prompt"]) if written else _by_rule(spec, page)
        save_answer(self.store, caller, idempotency, enhanced, self.clock.now())
        return enhanced


def _by_rule(spec: TextSpec, page: WebPage | None) -> str:
    brand = {"website": page.summary, "colors": ", ".join(page.colors[:3])} if page else None
    notes = [
        "Logo: keep a calm corner free for the attached logo, shown unchanged." if spec.has_logo else "",
        "Reference: keep to the attached picture's subject and look." if spec.has_reference_image else "",
    ]
    return enhance_prompt(spec.prompt, brand=brand, aspect_ratio=spec.aspect_ratio, notes=filter(None, notes))
