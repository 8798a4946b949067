"""Addresses of stored files.

A file's URL is stable and needs no key: it carries a signature of its path, so it cannot be guessed or
altered, and serving it needs no look-up. (A presigned S3 URL expires with the Lambda's session.)
"""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from darkroom.domain.errors import NotFound
from darkroom.domain.jobs.assets import kept_until

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from darkroom.domain.master_secret import MasterSecret

IMAGES_PATH = "/pixeldrive/img"

_SIGNATURE_CHARS = 32


@dataclass(frozen=True, slots=True)
class Links:
    """Makes and checks file URLs below ``base_url``. ``master`` is called once a file is signed or checked."""

    base_url: str
    master: Callable[[], MasterSecret]
    now: Callable[[], datetime]

    def file(self, storage_key: str) -> str:
        """The public URL of a stored object."""
        path = storage_key.removeprefix("media/")
        return f"{self.base_url}/files/{_file_signature(self.master().key, path)}/{path}"

    def storage_key(self, signature: str, path: str) -> str:
        """The object a file URL stands for.

        Raises
        ------
        NotFound
            The signature is not ours, or the file was kept for a while and is gone.
        """
        if not self.master().signed(signature, lambda key: _file_signature(key, path)):
            raise NotFound("No such file.")
        key = f"media/{path}"
        until = kept_until(key)
        if until is not None and until <= self.now():
            raise NotFound("The file was kept for a while only.")
        return key

    def own(self, url: str) -> str | None:
        """The object behind a file URL of ours; ``None`` for any other URL.

        Raises
        ------
        NotFound
            The URL looks like one of ours, and its signature is not; or the file is gone.
        """
        start = f"{self.base_url}/files/"
        if not url.startswith(start):
            return None
        signature, _, path = url.removeprefix(start).partition("/")
        return self.storage_key(signature, path)


# How an image's name begins → the folder of the bucket it is in.
_FOLDERS: Mapping[str, str] = {"t": "img/", "previews": "tmp/"}
_PUBLIC = re.compile(
    r"t/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/[0-9a-z]{16}\.(?:png|jpg|webp|pdf)", re.ASCII
)


@dataclass(frozen=True, slots=True)
class ImageLinks:
    """Addresses of rendered images, below ``base_url``.

    A finished image has a permanent public one, ``t/<template>/<hash>.<ending>``. Signed ones,
    ``s/<expiry>/<signature>/<name>``, expire. The signature is part of the path, so that caches that ignore queries
    keep them apart. ``origin`` is where images are without the cache in front, whose address is ``base_url``.
    ``master`` is called when the first image is signed or checked.
    """

    base_url: str
    origin: str
    master: Callable[[], MasterSecret]

    def public(self, storage_key: str) -> str:
        """The address a finished image always has."""
        return f"{self.base_url}/{self.name(storage_key)}"

    def signed(self, storage_key: str, expires_at: int) -> str:
        """An address of any image that is good until ``expires_at``, in seconds since the epoch."""
        name = self.name(storage_key)
        signature = _image_signature(self.master().key, str(expires_at), name)
        return f"{self.base_url}/s/{expires_at}/{signature}/{name}"

    @staticmethod
    def name(storage_key: str) -> str:
        """What clients call an image: its key without the folder it is in."""
        return storage_key.partition("/")[2]

    @staticmethod
    def public_key(name: str) -> str | None:
        """The object behind a finished image's name; ``None`` for what cannot be one."""
        return f"img/{name}" if _PUBLIC.fullmatch(name) else None

    def public_name(self, url: str) -> str | None:
        """The name in a public address of ours; ``None`` for any other URL."""
        name = url.removeprefix(f"{self.base_url}/").removeprefix(f"{self.origin}/")
        return name if _PUBLIC.fullmatch(name) and name != url else None

    def opened(self, path: str) -> tuple[str, int] | None:
        """The object a signed path (what follows ``s/``) is for, and when that ends; ``None`` if it is not ours."""
        expiry, _, rest = path.partition("/")
        signature, _, name = rest.partition("/")
        if not self.master().signed(signature, lambda key: _image_signature(key, expiry, name)):
            return None
        return _FOLDERS[name.partition("/")[0]] + name, int(expiry)


def _file_signature(key: bytes, path: str) -> str:
    return _signature(key, f"file:{path}")


def _image_signature(key: bytes, expiry: str, name: str) -> str:
    return _signature(key, f"image:{expiry}:{name}")


def _signature(key: bytes, text: str) -> str:
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()[:_SIGNATURE_CHARS]
