"""A caller's reference URLs as bytes, through the guarded client."""

from __future__ import annotations

from darkroom.adapters.fetch import FetchFailed, SafeHttp, UrlRefused
from darkroom.domain.errors import InvalidParam


class InputFetcher:
    """Fetches inputs. A URL that is refused and one that does not answer look the same from outside."""

    def __init__(self, http: SafeHttp) -> None:
        self._http = http

    def fetch(self, url: str, *, max_bytes: int) -> bytes:
        """The bytes behind ``url``.

        Raises
        ------
        InvalidParam
        """
        try:
            return self._http.get(url, max_bytes=max_bytes).data
        except (UrlRefused, FetchFailed) as error:
            raise InvalidParam("An input URL could not be fetched.") from error
