"""Refining a prompt: by a vendor's model if one is enabled, else by rule.

If the vendor fails or takes too long, the prompt is refined by rule. Only a refused prompt stays refused.
"""

from __future__ import annotations

from dataclasses import dataclass

from darkroom.domain.jobs.spec import TextSpec
from darkroom.ports.vendors import Refiner
from darkroom.services.accounts.authenticate import Caller
from darkroom.services.jobs.submit_job import Submission
from darkroom.services.vendors.write_text import WriteText


@dataclass(frozen=True, slots=True)
class RefinePrompt:
    """Refines prompts for callers of a dialect, whose offer for that is ``offer_id``."""

    write_text: WriteText
    by_rule: Refiner
    offer_id: str

    def __call__(self, caller: Caller, prompt: str, mode: str) -> str:
        """Rewrite a rough prompt as a full one of at most 4000 characters, for ``image`` or ``video``.

        Raises
        ------
        ContentBlocked, RateLimited, Unavailable
        """
        written = self.write_text(caller, Submission(self.offer_id, TextSpec(prompt, "auto", mode=mode)))
        return str(written["prompt"]) if written else self.by_rule.refine(prompt, mode)
