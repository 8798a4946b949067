"""Refining a prompt: by a vendor's model if one is enabled, else by rule.

Only the workers have the vendors' keys, so refining a prompt is a job like any other: free, counted against no
allowance, and waited for. If the vendor fails or takes too long, the prompt is refined by rule. Only a refused prompt
stays refused.
"""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass

from darkroom.domain.errors import ContentBlocked
from darkroom.domain.jobs.job import FailureCode, Job
from darkroom.domain.jobs.spec import TextSpec
from darkroom.ports.storage import Blobs
from darkroom.ports.vendors import Refiner
from darkroom.services.accounts.authenticate import Caller
from darkroom.services.jobs.run_job import RunJob
from darkroom.services.jobs.submit_job import Submission

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class RefinePrompt:
    """Refines prompts for callers of a dialect, whose offer for that is ``offer_id``."""

    run: RunJob
    blobs: Blobs
    by_rule: Refiner
    offer_id: str

    def __call__(self, caller: Caller, prompt: str, mode: str) -> str:
        """Rewrite a rough prompt as a full one of at most 4000 characters, for ``image`` or ``video``.

        Raises
        ------
        ContentBlocked, RateLimited, Unavailable
        """
        if not self.run.submit.has_vendor(self.offer_id, livemode=caller.owner.livemode):
            return self.by_rule.refine(prompt, mode)
        job = self.run(caller, Submission(self.offer_id, TextSpec(prompt, "auto", mode=mode)))
        if job.failure is FailureCode.CONTENT_BLOCKED:
            raise ContentBlocked("The content policy does not allow this request.")
        return self._written(job) or self.by_rule.refine(prompt, mode)

    def _written(self, job: Job) -> str:
        """What a vendor wrote; empty if it wrote nothing."""
        asset = job.tasks[0].asset
        if asset is None:
            logger.warning("job %s refined nothing: %s", job.id, job.failure)
            return ""
        return str(json.loads(self.blobs.get(asset.storage_key))["prompt"])
