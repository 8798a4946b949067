"""Posts to subscribers through the guarded HTTP client."""

from __future__ import annotations

from collections.abc import Mapping

from darkroom.adapters.fetch import FetchFailed, SafeHttp, UrlRefused
from darkroom.domain.errors import InvalidParam
from darkroom.domain.webhooks.deliveries import AttemptError
from darkroom.domain.webhooks.responses import NoWebhookResponse, WebhookResponse


class HttpSubscribers:
    """Subscribers on the public internet, or on this machine where the client allows that."""

    def __init__(self, http: SafeHttp) -> None:
        self._http = http

    def check(self, url: str) -> None:
        """See :meth:`darkroom.ports.webhooks.Subscribers.check`."""
        try:
            self._http.check(url)
        except UrlRefused as error:
            raise InvalidParam("url must be a public https URL.", param="url") from error

    def post(
        self, url: str, *, body: bytes, headers: Mapping[str, str], timeout_seconds: float
    ) -> WebhookResponse:
        """See :meth:`darkroom.ports.webhooks.Subscribers.post`."""
        try:
            posted = self._http.post(url, body=body, headers=headers, timeout_seconds=timeout_seconds)
        except UrlRefused as error:
            raise NoWebhookResponse(AttemptError.URL_REFUSED) from error
        except FetchFailed as error:
            timed_out = error.reason == "timeout"
            raise NoWebhookResponse(AttemptError.TIMEOUT if timed_out else AttemptError.CONNECTION) from error
        return WebhookResponse(
            posted.status, posted.duration_ms, posted.body_excerpt, posted.headers.get("retry-after")
        )
