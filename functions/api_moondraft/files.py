"""The files a request brings: checked first, all of them, and only then put away."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.errors import InvalidParam, NotFound
from darkroom.domain.ids import is_uuid
from darkroom.domain.jobs.assets import Asset, AssetType
from darkroom.domain.jobs.spec import Input
from darkroom.domain.media.sniffing import MAX_PIXELS, Media, intact, picture, sniff
from darkroom.http.data_urls import decoded
from darkroom.wiring import container

MAX_FILE_BYTES = 10 * 1024 * 1024
_PICTURES = frozenset({"image/png", "image/jpeg", "image/webp"})
_SOUNDS = frozenset({"audio/mpeg", "audio/wav", "audio/ogg", "audio/mp4"})

type Keep = Callable[[Owner], Input]


@dataclass(frozen=True, slots=True)
class Wanted:
    """One file of a request: the parameter it is in, its text, and its role in the job."""

    param: str
    text: str | None
    role: str
    enlarged: int = 1

    def checked(self, owner: Owner) -> Keep | None:
        """How to put the file away, once everything about it has been checked; ``None`` if there is none.

        Raises
        ------
        InvalidParam, PayloadTooLarge, NotFound
        """
        text = (self.text or "").strip()
        if not text:
            return None
        if text.lower().startswith(("http://", "https://")):
            return self._fetched(text)
        if is_uuid(text):
            return self._asset(owner, text)
        return self._sent(text)

    def _fetched(self, url: str) -> Keep:
        try:
            container().url_check(url, self.param)
        except InvalidParam as refused:
            raise InvalidParam(f"{self.param}: {refused.detail}", param=self.param) from refused
        return lambda _: Input(self.role, url)

    def _asset(self, owner: Owner, asset_id: str) -> Keep:
        asset = container().assets.get(owner, asset_id)
        if asset is None or asset.deleted_at is not None:
            raise NotFound(f"{self.param}: no such asset.", param=self.param)
        if not self._fits(asset):
            raise InvalidParam(f"{self.param}: the asset is not of the right type.", param=self.param)
        return lambda _: Input(self.role, asset.storage_key, stored=True, asset_id=asset.id)

    def _fits(self, asset: Asset) -> bool:
        if self.role == "audio":
            return asset.type is AssetType.AUDIO
        return asset.mime in _PICTURES

    def _sent(self, text: str) -> Keep:
        data = decoded(text, param=self.param, max_bytes=MAX_FILE_BYTES)
        media = self._sound(data) if self.role == "audio" else self._picture(data)
        return lambda owner: container().store_input(owner, self.role, data, media)

    def _picture(self, data: bytes) -> Media:
        media = picture(data, accepted=_PICTURES, param=self.param)
        if media.width * media.height * self.enlarged**2 > MAX_PIXELS:
            most = MAX_PIXELS // self.enlarged**2 // 1_000_000
            raise InvalidParam(f"{self.param} has more than {most} megapixels.", param=self.param)
        if not intact(data, media):
            raise InvalidParam(f"{self.param} is cut short or holds more than a picture.", param=self.param)
        return media

    def _sound(self, data: bytes) -> Media:
        media = sniff(data)
        if media is None or media.mime not in _SOUNDS:
            raise InvalidParam(f"{self.param} must be MP3, WAV, M4A or OGG audio.", param=self.param)
        return media


def put_away(owner: Owner, wanted: Sequence[Wanted]) -> tuple[Input, ...]:
    """The files as a job's inputs. If one of them cannot be used, none is stored.

    Raises
    ------
    InvalidParam, PayloadTooLarge, NotFound
    """
    checked = [one.checked(owner) for one in wanted]
    return tuple(keep(owner) for keep in checked if keep is not None)
