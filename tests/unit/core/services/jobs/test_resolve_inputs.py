"""What a request names as files becomes a job's inputs: by URL, asset id, address of our own, or as bytes."""

from __future__ import annotations

import base64
import struct
import zlib

import pytest

from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.errors import DomainError, InvalidMask, InvalidParam, NotFound, PayloadTooLarge
from darkroom.domain.files.file import CleanMedia, File, Rejection, UnusableFile, asset_of
from darkroom.domain.jobs.assets import Asset, AssetType
from darkroom.domain.jobs.spec import Input
from darkroom.services.jobs.resolve_inputs import InputPolicy, NamedFile, ResolveInputs, Source
from tests.contract.examples import file as example_file
from tests.harness.container import BASE_URL, Harness

OWNER, STRANGER = Owner("w", True), Owner("other", True)
ASSET_ID = "5f2b1c34-7a90-4c0e-9b21-2e6f3a8d1c44"
ANY = InputPolicy(sources=(Source.OWN_FILE, Source.URL, Source.ASSET, Source.BYTES), names_param=True)
SOUNDS = InputPolicy(sources=(Source.BYTES,), media=frozenset({"audio/mpeg"}))
SOUND = b"ID3\x03\0\0\0\0\0\0 a voice"


def png(width: int = 2, height: int = 2) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        (chunk(b"IHDR", header), chunk(b"IDAT", zlib.compress(b"\0\0\0")), chunk(b"IEND", b""))
    )


def text_of(data: bytes) -> str:
    return base64.b64encode(data).decode()


@pytest.fixture
def harness() -> Harness:
    harness = Harness()
    vars(harness.core)["url_check"] = _only_https
    return harness


@pytest.fixture
def resolve(harness: Harness) -> ResolveInputs:
    return harness.core.resolve_inputs


def _only_https(url: str, param: str) -> None:
    if not url.startswith("https://"):
        raise InvalidParam("The URL is not allowed; use a public https URL.", param=param)


def keep(harness: Harness, mime: str = "image/png", **changes: object) -> Asset:
    values: dict[str, object] = {
        "id": ASSET_ID,
        "owner": OWNER,
        "collection": "image",
        "type": AssetType.IMAGE,
        "storage_key": f"media/w/live/j/{ASSET_ID}.png",
        "mime": mime,
        "size": 4,
        "aspect_ratio": "1:1",
        "model": "m",
        "created_at": harness.clock.now(),
        "job_id": "j",
        **changes,
    }
    asset = Asset(**values)  # type: ignore[arg-type]
    harness.memory.assets[(asset.owner, asset.id)] = asset
    return asset


def one(text: str, policy: InputPolicy = ANY, **options: int) -> NamedFile:
    return NamedFile("source", text, "image", policy, **options)


def refusal(resolve: ResolveInputs, *files: NamedFile) -> tuple[type[DomainError], str | None, str]:
    with pytest.raises(DomainError) as raised:
        resolve(OWNER, files)
    return type(raised.value), raised.value.param, raised.value.detail


def test_a_url_stays_one_and_is_not_fetched(resolve: ResolveInputs, harness: Harness) -> None:
    assert resolve(OWNER, [one("https://cdn.example/a.png")]) == (
        Input("source", "https://cdn.example/a.png"),
    )
    assert harness.calls.made == []


@pytest.mark.parametrize("url", ["http://cdn.example/a.png", "ftp://cdn.example/a", "FILE:///etc/passwd"])
def test_a_url_that_could_never_be_fetched_is_refused(resolve: ResolveInputs, url: str) -> None:
    expected = "image: The URL is not allowed; use a public https URL."
    assert refusal(resolve, one(url)) == (InvalidParam, "image", expected)


def test_an_asset_is_named_by_its_id(resolve: ResolveInputs, harness: Harness) -> None:
    asset = keep(harness)
    (checked,) = resolve.check(OWNER, [one(ASSET_ID)])
    assert checked.asset == asset
    expected = Input("source", asset.storage_key, stored=True, asset_id=ASSET_ID)
    assert resolve.store(OWNER, [checked]) == (expected,)


def test_assets_are_one_read_however_many(resolve: ResolveInputs, harness: Harness) -> None:
    keep(harness)
    resolve(OWNER, [one(ASSET_ID), one(ASSET_ID), one("https://cdn.example/a.png")])
    assert harness.calls.made == ["assets.get_many"]


def test_an_asset_that_is_gone_or_anothers_does_not_exist(resolve: ResolveInputs, harness: Harness) -> None:
    expected = (NotFound, "image", "image: no such asset.")
    assert refusal(resolve, one(ASSET_ID)) == expected
    keep(harness, owner=STRANGER)
    assert refusal(resolve, one(ASSET_ID)) == expected
    keep(harness, deleted_at=harness.clock.now())
    assert refusal(resolve, one(ASSET_ID)) == expected


def test_an_asset_of_another_type_is_refused(resolve: ResolveInputs, harness: Harness) -> None:
    keep(harness, mime="video/mp4", type=AssetType.VIDEO)
    assert refusal(resolve, one(ASSET_ID))[:2] == (InvalidParam, "image")


def test_a_file_of_the_callers_own_is_read_from_storage(resolve: ResolveInputs, harness: Harness) -> None:
    key = f"media/w/live/j/{ASSET_ID}.png"
    expected = Input("source", key, stored=True, asset_id=ASSET_ID)
    assert resolve(OWNER, [one(harness.core.links.file(key))]) == (expected,)


def test_anothers_file_is_a_url_like_any_other(resolve: ResolveInputs, harness: Harness) -> None:
    url = harness.core.links.file("media/other/live/j/a.png")
    assert resolve(OWNER, [one(url)]) == (Input("source", url),)


def test_an_address_of_ours_with_a_wrong_signature_is_refused(resolve: ResolveInputs) -> None:
    url = f"{BASE_URL}/files/{'0' * 32}/w/live/j/a.png"
    assert refusal(resolve, one(url)) == (InvalidParam, "image", "image: no such file.")


@pytest.mark.parametrize("prefix", ["", "data:image/png;base64,", "DATA:text/plain;BASE64,"])
def test_bytes_are_stored(resolve: ResolveInputs, harness: Harness, prefix: str) -> None:
    (stored,) = resolve(OWNER, [one(prefix + text_of(png()))])
    assert (stored.role, stored.stored, stored.asset_id) == ("source", True, None)
    assert stored.location.startswith("tmp/w/")
    assert harness.blobs.get(stored.location) == png()


def test_nothing_is_stored_if_one_file_cannot_be_used(resolve: ResolveInputs, harness: Harness) -> None:
    assert refusal(resolve, one(text_of(png())), one("http://cdn.example/a.png"))[0] is InvalidParam
    assert harness.blobs.objects == {}


def test_checking_stores_nothing(resolve: ResolveInputs, harness: Harness) -> None:
    checked = resolve.check(OWNER, [one(text_of(png()))])
    assert harness.blobs.objects == {}
    assert len(resolve.store(OWNER, checked)) == len(harness.blobs.objects) == 1


def test_bytes_that_cannot_be_used_are_refused(resolve: ResolveInputs) -> None:
    small = InputPolicy(sources=(Source.BYTES,), max_bytes=10)
    assert refusal(resolve, one(text_of(png()), small))[0] is PayloadTooLarge
    assert refusal(resolve, one("not base64!"))[2] == "image is not valid base64."
    assert refusal(resolve, one(text_of(b"GIF89a")))[2].startswith("image must be an image: ")
    assert (
        refusal(resolve, one(text_of(png()[:-12])))[2] == "image is cut short or holds more than a picture."
    )


def test_a_picture_must_not_become_too_large(resolve: ResolveInputs) -> None:
    assert (
        refusal(resolve, one(text_of(png(4000, 4000)), enlarged=2))[2] == "image has more than 10 megapixels."
    )


def test_a_sound_is_told_from_a_picture(resolve: ResolveInputs) -> None:
    (stored,) = resolve(OWNER, [one(text_of(SOUND), SOUNDS)])
    assert stored.location.endswith(".mp3")
    assert refusal(resolve, one(text_of(png()), SOUNDS))[2] == "image must be MP3, WAV, M4A or OGG audio."


def test_a_policy_has_its_own_error_for_bytes(resolve: ResolveInputs) -> None:
    masks = InputPolicy(
        sources=(Source.BYTES, Source.URL),
        byte_media=frozenset({"image/png"}),
        refusal=InvalidMask,
    )
    assert refusal(resolve, one("data:image/png;base64,!", masks))[0] is InvalidMask
    assert refusal(resolve, one("http://cdn.example/a.png", masks))[0] is InvalidParam


def test_only_the_policys_ways_to_name_a_file_are_recognised(
    resolve: ResolveInputs, harness: Harness
) -> None:
    urls_only = InputPolicy(sources=(Source.URL,))
    keep(harness)
    assert refusal(resolve, one(ASSET_ID, urls_only))[0] is InvalidParam
    own = harness.core.links.file(f"media/w/live/j/{ASSET_ID}.png")
    assert resolve(OWNER, [one(own, urls_only)]) == (Input("source", own),)


# ---------------------------------------------------------------- uploads


def test_the_id_of_a_ready_file_is_an_assets_id(harness: Harness, resolve: ResolveInputs) -> None:
    ready = announced().ready(CleanMedia(b"12345", "image/png", 4, 3), harness.clock.now())
    harness.memory.files[OWNER, ready.id] = ready
    harness.memory.assets[OWNER, ready.id] = asset_of(ready)
    (found,) = resolve(OWNER, [one(ready.id)])
    assert found == Input("source", str(ready.storage_key), stored=True, asset_id=ready.id)
    with pytest.raises(NotFound):
        resolve(STRANGER, [one(ready.id)])


def test_a_file_that_is_not_ready_is_named_with_the_reason(harness: Harness, resolve: ResolveInputs) -> None:
    pending = announced()
    harness.memory.files[OWNER, pending.id] = pending
    kind, param, detail = refusal(resolve, one(pending.id))
    assert (kind, param) == (InvalidParam, "image")
    assert f"the file {pending.id} is not ready" in detail
    unusable = UnusableFile(Rejection.DAMAGED, "is damaged")
    harness.memory.files[OWNER, pending.id] = pending.rejected(unusable, harness.clock.now())
    assert "was rejected: it is damaged" in refusal(resolve, one(pending.id))[2]
    with pytest.raises(NotFound):
        resolve(STRANGER, [one(pending.id)])


def test_files_are_asked_for_only_when_an_asset_is_missing(harness: Harness, resolve: ResolveInputs) -> None:
    asset = keep(harness)
    harness.calls.made.clear()
    resolve(OWNER, [one(asset.id), one("https://example.com/a.png")])
    assert harness.calls.made == ["assets.get_many"]


def announced() -> File:
    return example_file(owner=OWNER, id=ASSET_ID)


NAMES = InputPolicy(sources=(Source.URL, Source.ASSET))
MASKS = InputPolicy(sources=(Source.BYTES, Source.URL, Source.ASSET), refusal=InvalidMask)


@pytest.mark.parametrize(
    "text", ["", "hello", "asset_a1", "data:image/png;base64,AAAA", "../x", ASSET_ID.upper()]
)
def test_what_cannot_name_a_file_is_refused_by_name(resolve: ResolveInputs, text: str) -> None:
    expected = (InvalidParam, "image", "image must be an https URL or the id of an asset.")
    assert refusal(resolve, one(text, NAMES)) == expected


def test_the_refusal_is_the_policys_own(resolve: ResolveInputs) -> None:
    expected = (InvalidMask, "image", "image must be an https URL or the id of an asset or a data: URL.")
    assert refusal(resolve, one("hello", MASKS)) == expected


def test_an_input_keeps_the_parameter_that_named_it(resolve: ResolveInputs, harness: Harness) -> None:
    keep(harness)
    files = [one("https://cdn.example/a.png"), one(ASSET_ID), one(text_of(png()))]
    assert [found.param for found in resolve(OWNER, files)] == ["image"] * 3
