"""A caller's reference URLs as bytes, through the guarded client."""

from __future__ import annotations

from darkroom.adapters.fetch import FetchFailed, SafeHttp, UrlRefused
from darkroom.domain.errors import InvalidParam


class InputFetcher:
    """Fetches inputs. A URL that is refused and one that does not answer look the same from outside.

    ``timeout_seconds`` bounds each whole fetch.
    """

    def __init__(self, http: SafeHttp, timeout_seconds: float = 30.0) -> None:
        self._http = http
        self._timeout_seconds = timeout_seconds

    def fetch(self, url: str, *, max_bytes: int) -> bytes:
        """The bytes behind ``url``.

        Raises
        ------
        InvalidParam
        """
        try:
            return self._http.get(url, max_bytes=max_bytes, timeout_seconds=self._timeout_seconds).data
        except (UrlRefused, FetchFailed) as error:
            raise InvalidParam("An input URL could not be fetched.") from error
