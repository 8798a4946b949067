"""Reading a web page for a caller who waits. API functions fetch nothing: a worker does, in a free job."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from darkroom.domain.brands.grounding import PAGE
from darkroom.domain.brands.web_page import WebPage
from darkroom.domain.errors import GenerationTimedOut, InvalidParam
from darkroom.domain.jobs.job import FailureCode
from darkroom.domain.jobs.spec import Input, Spec
from darkroom.domain.serialization import from_document
from darkroom.services.jobs.submit_job import Submission

if TYPE_CHECKING:
    from darkroom.services.accounts.authenticate import Caller
    from darkroom.services.jobs.run_for_document import RunForDocument


@dataclass(frozen=True, slots=True)
class ReadWebPage:
    """Reads pages; ``check_url`` refuses addresses that could never be fetched."""

    run: RunForDocument
    check_url: Callable[[str, str], None]
    offer_id: str

    def __call__(self, caller: Caller, url: str, *, param: str) -> WebPage:
        """The page at ``url``, which the request's parameter ``param`` names.

        Raises
        ------
        InvalidParam
            It cannot be read; the message is the same for every reason.
        GenerationTimedOut, RateLimited, Unavailable
        """
        self.check_url(url, param)
        return self._read(caller, url, param)

    def if_readable(self, caller: Caller, url: str | None, *, param: str) -> WebPage | None:
        """The page, for a request that is as good without it; ``None`` without one that can be read in time.

        Raises
        ------
        InvalidParam
            The address could never be one.
        RateLimited, Unavailable
        """
        if not url:
            return None
        self.check_url(url, param)
        try:
            return self._read(caller, url, param)
        except (InvalidParam, GenerationTimedOut):
            return None

    def _read(self, caller: Caller, url: str, param: str) -> WebPage:
        job, document = self.run(caller, Submission(self.offer_id, Spec("", "", inputs=(Input(PAGE, url),))))
        if document is not None:
            return from_document(WebPage, document)
        if job.failure is FailureCode.TIMED_OUT:
            raise GenerationTimedOut("The page could not be read in time.", param=param)
        raise InvalidParam(
            f"{param} could not be read: it must be the public https address of a web page of at most 3 MB.",
            param=param,
        )
