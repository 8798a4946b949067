"""Resolves the files a request names (URL, asset id, address of a file of ours, or the bytes themselves) into inputs.

``check`` judges all of them and stores nothing; ``store`` then puts the bytes into the bucket. Between the two a
caller can refuse the request for another reason without leaving files behind.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import TYPE_CHECKING

from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.errors import InvalidParam, InvalidRequest, NotFound
from darkroom.domain.ids import is_uuid
from darkroom.domain.jobs.assets import SVG, Asset, asset_stored_at
from darkroom.domain.jobs.spec import Input
from darkroom.domain.media.data_urls import decoded
from darkroom.domain.media.sniffing import MAX_PIXELS, Media, intact, is_svg, picture, sniff
from darkroom.ports.jobs import Assets

if TYPE_CHECKING:
    from darkroom.domain.files.file import File

PICTURES = frozenset({"image/png", "image/jpeg", "image/webp", "image/gif", "image/bmp"})

_URL = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)


class Source(Enum):
    """How a request can name a file."""

    URL = auto()  # fetched by the worker, through the guarded client
    OWN_FILE = auto()  # the signed address of a file of ours
    ASSET = auto()  # the id of one of the caller's assets
    BYTES = auto()  # base64, alone or in a data: URL


_WAYS: Mapping[Source, str] = {
    Source.URL: "an https URL",
    Source.ASSET: "the id of an asset",
    Source.BYTES: "a data: URL",
}


@dataclass(frozen=True, slots=True)
class InputPolicy:
    """What a dialect accepts where a request names a file.

    ``sources`` are the ways to name one. Where bytes come last, a text that is nothing else is taken for base64;
    where a URL is the only way, everything is taken for one, and judged as such. ``media`` are the accepted types of
    assets, ``byte_media`` of bytes, where they differ; ``max_bytes`` limits the bytes.
    ``refusal`` is the error for bytes that cannot be used. With ``names_param`` the messages about URLs and assets
    begin with the parameter's name.
    """

    sources: tuple[Source, ...]
    media: frozenset[str] = PICTURES
    byte_media: frozenset[str] | None = None
    max_bytes: int = 10 * 1024 * 1024
    names_param: bool = False
    refusal: type[InvalidRequest] = InvalidParam

    def source_of(self, text: str) -> Source | None:
        """How ``text`` names a file; ``None`` for what cannot name one."""
        if Source.BYTES in self.sources and text[:5].lower() == "data:":
            return Source.BYTES
        if Source.URL in self.sources and _URL.match(text):
            return Source.URL
        if Source.ASSET in self.sources and is_uuid(text):
            return Source.ASSET
        last = self.sources[-1]
        takes_anything = last is Source.BYTES or {Source.ASSET, Source.BYTES}.isdisjoint(self.sources)
        return last if takes_anything else None

    @property
    def ways(self) -> str:
        """How a file may be named, in words."""
        return " or ".join(words for source, words in _WAYS.items() if source in self.sources)

    @property
    def accepted_bytes(self) -> frozenset[str]:
        """The accepted types of bytes."""
        return self.media if self.byte_media is None else self.byte_media

    def message(self, param: str, text: str) -> str:
        """``text`` as a message about ``param``."""
        return f"{param}: {text[:1].lower()}{text[1:]}" if self.names_param else text


@dataclass(frozen=True, slots=True)
class NamedFile:
    """A file as a request names it: its role in the job, the text, and the parameter the text is in.

    ``enlarged`` is the factor by which the job multiplies a picture's sides: the result must not be too large.
    """

    role: str
    text: str
    param: str
    policy: InputPolicy
    enlarged: int = 1


@dataclass(frozen=True, slots=True)
class ResolvedFile:
    """A file that can be used as it is, with the asset it is, if the request named one."""

    input: Input
    asset: Asset | None = None


@dataclass(frozen=True, slots=True)
class UnstoredFile:
    """Bytes that can be used once they are stored."""

    role: str
    data: bytes
    media: Media
    param: str
    asset: None = None


type CheckedFile = ResolvedFile | UnstoredFile


@dataclass(frozen=True, slots=True)
class ResolveInputs:
    """Resolves named files. ``check_url`` refuses URLs that could never be fetched; ``own_file`` answers the storage
    key behind an address of ours; ``store_input`` keeps bytes; ``files`` reads uploads by ids that no asset has.
    """

    assets: Assets
    check_url: Callable[[str, str], None]
    own_file: Callable[[str], str | None]
    store_input: Callable[[Owner, str, bytes, Media], Input]
    files: Callable[[Owner, Sequence[str]], Mapping[str, File]]

    def __call__(self, owner: Owner, files: Sequence[NamedFile]) -> tuple[Input, ...]:
        """The files as a job's inputs, in their order. If one of them cannot be used, none is stored.

        Raises
        ------
        InvalidParam, PayloadTooLarge, NotFound
        """
        return self.store(owner, self.check(owner, files))

    def check(self, owner: Owner, files: Sequence[NamedFile]) -> tuple[CheckedFile, ...]:
        """Judge the files, in their order; the first one that cannot be used is refused. All assets are one read.

        Raises
        ------
        InvalidParam, PayloadTooLarge, NotFound
        """
        ids = [file.text for file in files if file.policy.source_of(file.text) is Source.ASSET]
        known = [asset_id for asset_id in dict.fromkeys(ids) if is_uuid(asset_id)]
        assets = self.assets.get_many(owner, known) if known else {}
        self._refuse_unready(owner, files, [asset_id for asset_id in known if asset_id not in assets])
        return tuple(self._checked(owner, file, assets) for file in files)

    def _refuse_unready(self, owner: Owner, files: Sequence[NamedFile], missing: Sequence[str]) -> None:
        """Tell of the first id that is of an uploaded file which has no asset yet, or never will.

        Raises
        ------
        InvalidParam
        """
        uploads = self.files(owner, missing) if missing else {}
        for file in files:
            if file.text in uploads:
                why = f"The file {file.text} {uploads[file.text].why_unusable}"
                raise InvalidParam(file.policy.message(file.param, why), param=file.param)

    def still_there(self, owner: Owner, inputs: Sequence[Input]) -> tuple[Input, ...]:
        """Those of some assets that were inputs earlier which were not deleted since; one read if there are any."""
        ids = [one.asset_id for one in inputs if one.asset_id is not None]
        assets = self.assets.get_many(owner, ids) if ids else {}
        return tuple(
            one
            for one in inputs
            if (asset := assets.get(one.asset_id or ""))
            and (asset.storage_key, asset.deleted_at) == (one.location, None)
        )

    def store(self, owner: Owner, files: Sequence[CheckedFile]) -> tuple[Input, ...]:
        """Store the bytes among checked files, and answer all of them as a job's inputs."""
        return tuple(
            file.input
            if isinstance(file, ResolvedFile)
            else replace(self.store_input(owner, file.role, file.data, file.media), param=file.param)
            for file in files
        )

    def _checked(self, owner: Owner, file: NamedFile, assets: Mapping[str, Asset]) -> CheckedFile:
        match file.policy.source_of(file.text):
            case Source.ASSET:
                return _asset(file, assets.get(file.text))
            case Source.BYTES:
                return _bytes(file)
            case Source.OWN_FILE | Source.URL:
                return self._own_file(owner, file) or self._url(file)
            case None:
                raise file.policy.refusal(f"{file.param} must be {file.policy.ways}.", param=file.param)

    def _own_file(self, owner: Owner, file: NamedFile) -> ResolvedFile | None:
        """The caller's file behind an address of ours. Another workspace's file is a URL like any other."""
        if Source.OWN_FILE not in file.policy.sources:
            return None
        try:
            key = self.own_file(file.text)
        except NotFound as unknown:
            raise InvalidParam(
                file.policy.message(file.param, "No such file."), param=file.param
            ) from unknown
        asset_id = None if key is None else asset_stored_at(owner, key)
        if key is None or asset_id is None:
            return None
        return ResolvedFile(Input(file.role, key, stored=True, asset_id=asset_id, param=file.param))

    def _url(self, file: NamedFile) -> CheckedFile:
        try:
            self.check_url(file.text, file.param)
        except InvalidParam as refused:
            prefix = f"{file.param}: " if file.policy.names_param else ""
            raise InvalidParam(f"{prefix}{refused.detail}", param=file.param) from refused
        return ResolvedFile(Input(file.role, file.text, param=file.param))


def _asset(file: NamedFile, asset: Asset | None) -> CheckedFile:
    if asset is None or asset.deleted_at is not None:
        raise NotFound(file.policy.message(file.param, "No such asset."), param=file.param)
    if asset.mime not in file.policy.media:
        raise InvalidParam(f"{file.param}: the asset is not of the right type.", param=file.param)
    found = Input(file.role, asset.storage_key, stored=True, asset_id=asset.id, param=file.param)
    return ResolvedFile(found, asset)


def _bytes(file: NamedFile) -> CheckedFile:
    try:
        data = decoded(file.text, param=file.param, max_bytes=file.policy.max_bytes)
        return UnstoredFile(file.role, data, _recognised(file, data), file.param)
    except InvalidParam as refused:
        raise file.policy.refusal(refused.detail, param=file.param) from refused


def _recognised(file: NamedFile, data: bytes) -> Media:
    """What the bytes are.

    Raises
    ------
    InvalidParam
    """
    accepted = file.policy.accepted_bytes
    if SVG in accepted and is_svg(data):
        return Media(SVG)
    if accepted.isdisjoint(PICTURES):
        return _sound(file, data)
    media = picture(data, accepted=accepted, param=file.param)
    if media.width * media.height * file.enlarged**2 > MAX_PIXELS:
        most = MAX_PIXELS // file.enlarged**2 // 1_000_000
        raise InvalidParam(f"{file.param} has more than {most} megapixels.", param=file.param)
    if not intact(data, media):
        raise InvalidParam(f"{file.param} is cut short or holds more than a picture.", param=file.param)
    return media


def _sound(file: NamedFile, data: bytes) -> Media:
    media = sniff(data)
    if media is None or media.mime not in file.policy.accepted_bytes:
        raise InvalidParam(f"{file.param} must be MP3, WAV, M4A or OGG audio.", param=file.param)
    return media
