"""Finished files from vendors, through the guarded client."""

from __future__ import annotations

from contextlib import suppress
from ipaddress import ip_address
from tempfile import SpooledTemporaryFile
from typing import IO, cast
from urllib.parse import urlsplit

from darkroom.adapters.fetch import FetchFailed, SafeHttp, UrlRefused
from darkroom.domain.jobs.engine import Download, is_within
from darkroom.domain.jobs.engine_failures import FileGone, RouteFailed, VendorUnavailable

MEMORY_BYTES = 8 * 1024 * 1024  # what is larger lies on the function's disk while it is passed on
_GONE = frozenset({403, 404, 410})


class HttpDownloads:
    """Fetches files. ``allow_loopback`` is for vendors' doubles on a developer's machine."""

    def __init__(
        self, http: SafeHttp, *, allow_loopback: bool = False, timeout_seconds: float = 120.0
    ) -> None:
        self._http = http
        self._allow_loopback = allow_loopback
        self._timeout_seconds = timeout_seconds

    def open(self, download: Download, *, max_bytes: int) -> IO[bytes]:
        """See :meth:`darkroom.ports.vendors.Downloads.open`."""
        if not self._is_known(download):
            raise RouteFailed("the file lies where this vendor's files never do", code="unknown_host")
        file = cast("IO[bytes]", SpooledTemporaryFile(max_size=MEMORY_BYTES))  # noqa: SIM115 - the caller's to close
        try:
            self._fetch(download, file, max_bytes)
        except BaseException:
            file.close()
            raise
        file.seek(0)
        return file

    def _fetch(self, download: Download, file: IO[bytes], max_bytes: int) -> None:
        try:
            self._http.download(
                download.url,
                file,
                max_bytes=max_bytes,
                headers=download.headers,
                timeout_seconds=self._timeout_seconds,
            )
        except UrlRefused as refused:
            raise RouteFailed("the file's address is not allowed", code="refused_address") from refused
        except FetchFailed as failed:
            if failed.status in _GONE:
                raise FileGone("the file is gone", code=str(failed.status)) from failed
            if failed.reason == "too_large":
                raise RouteFailed("the file is too large", code=failed.reason) from failed
            raise VendorUnavailable(f"the file did not come: {failed.reason}", code=failed.reason) from failed

    def _is_known(self, download: Download) -> bool:
        host = urlsplit(download.url).hostname or ""
        if not download.hosts or (self._allow_loopback and _is_loopback(host)):
            return True
        return is_within(host, download.hosts)


def _is_loopback(host: str) -> bool:
    with suppress(ValueError):
        return ip_address(host).is_loopback
    return host == "localhost"
