"""Addresses of stored files.

A file's URL is stable and needs no key: it carries a signature of its path, so it cannot be guessed or
altered, and serving it needs no look-up. (A presigned S3 URL dies with the Lambda's session; nobody could
keep it.)
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass

from darkroom.domain.errors import NotFound

_SIGNATURE_CHARS = 32


@dataclass(frozen=True, slots=True)
class Links:
    """Makes and checks file URLs below ``base_url``. ``master`` is asked only once there is a file to speak of."""

    base_url: str
    master: Callable[[], bytes]

    def file(self, storage_key: str) -> str:
        """The public URL of a stored object."""
        path = storage_key.removeprefix("media/")
        return f"{self.base_url}/files/{self._sign(path)}/{path}"

    def storage_key(self, signature: str, path: str) -> str:
        """The object a file URL stands for.

        Raises
        ------
        NotFound
            The signature is not ours.
        """
        if not hmac.compare_digest(signature.encode(), self._sign(path).encode()):
            raise NotFound("No such file.")
        return f"media/{path}"

    def own(self, url: str) -> str | None:
        """The object behind a file URL of ours; ``None`` for a URL of anybody else's.

        Raises
        ------
        NotFound
            The URL looks like one of ours, and its signature is not.
        """
        start = f"{self.base_url}/files/"
        if not url.startswith(start):
            return None
        signature, _, path = url.removeprefix(start).partition("/")
        return self.storage_key(signature, path)

    def _sign(self, path: str) -> str:
        return hmac.new(self.master(), f"file:{path}".encode(), hashlib.sha256).hexdigest()[:_SIGNATURE_CHARS]
