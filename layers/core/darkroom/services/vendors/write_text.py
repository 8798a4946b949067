"""Having a vendor's model write a text while the caller waits, if one is enabled.

Only the workers have the vendors' keys, so a text is a job like any other: free, counted against no allowance, and
waited for within the request's time. What a caller does without one is the caller's business.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from darkroom.domain.errors import ContentBlocked
from darkroom.domain.jobs.job import FailureCode

if TYPE_CHECKING:
    from darkroom.services.accounts.authenticate import Caller
    from darkroom.services.jobs.run_for_document import RunForDocument
    from darkroom.services.jobs.submit_job import Submission


@dataclass(frozen=True, slots=True)
class WriteText:
    """Runs jobs of the kinds in ``darkroom.domain.vendors.texts.WRITINGS``."""

    run: RunForDocument

    def __call__(self, caller: Caller, submission: Submission) -> Mapping[str, Any] | None:
        """What was written, in the shape its kind has; ``None`` if no vendor can, or none did in time.

        Raises
        ------
        ContentBlocked
            The request was refused, which nothing else may try then.
        RateLimited, Unavailable
        """
        if not self.run.run.submit.has_vendor(submission.offer_id, livemode=caller.owner.livemode):
            return None
        job, written = self.run(caller, submission)
        if job.failure is FailureCode.CONTENT_BLOCKED:
            raise ContentBlocked("The content policy does not allow this request.")
        return written
