"""What a render is called, and what it can be written as.

A render is one file of one version of a template, filled with one payload at one pixel ratio and written in one
encoding. All of that is its *content*; whatever has the same content is the same render, so it is made and charged
once.

    payload key   payload, ratio and encoding, without the version: the finished render of a payload is found by it,
                  together with the template, in the read that admits a request
    fields hash   the whole content and the mode, because a test render is watermarked; it names the picture
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any

from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.errors import InvalidParam
from darkroom.domain.jobs.job import Job
from darkroom.domain.jobs.spec import PNG, Encoding, RenderFormat

RENDERER = "darkroom"

RENDER = "render"
PREVIEW = "preview"
BATCH = "render_batch"

QUALITY = 85  # of JPEG and WebP where nothing is said

# Format → its media type, and how its files' names end.
MEDIA: Mapping[str, str] = {
    "png": "image/png",
    "jpeg": "image/jpeg",
    "webp": "image/webp",
    "pdf": "application/pdf",
}
_ENDINGS: Mapping[str, str] = {"png": "png", "jpeg": "jpg", "webp": "webp", "pdf": "pdf"}

_HASH_BYTES = 10  # 80 bits, sixteen letters
_DEPTH = (
    8  # of a value; more than any that is accepted has, and bodies are read ahead before they are checked
)


def payload_key(payload_json: Mapping[str, Any], ratio: float, encoding: Encoding = PNG) -> str:
    """What names a payload at a ratio, whatever the order of its keys and the spelling of its numbers.

    A PNG's is as it was before there was anything else.
    """
    filled = {element: _canonical(value) for element, value in payload_json.items()}
    content = [filled, _number(ratio)]
    if encoding != PNG:
        content += [encoding.format, encoding.quality]
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def fields_hash(template_id: str, version: int, payload_key: str, livemode: bool, salt: str = "") -> str:
    """What names a content: sixteen characters of ``[0-9a-z]``.

    Without the template's ``salt`` nobody can tell from a payload what its render is called: finished renders are
    served to whoever knows their names.
    """
    text = "\x1f".join((template_id, str(version), payload_key, "live" if livemode else "test")).encode()
    # A template from before salts were given has none; its renders keep their names.
    whole = hmac.digest(salt.encode(), text, "sha256") if salt else hashlib.sha256(text).digest()
    return base64.b32encode(whole[:_HASH_BYTES]).decode().lower()


def encoding(format: RenderFormat, quality: int | None) -> Encoding:
    """What a client asks for; equal requests are equal encodings.

    Raises
    ------
    InvalidParam
        The format keeps everything as it is.
    """
    if format == "png" and quality is not None:
        raise InvalidParam("quality: goes with jpeg, webp and pdf.", param="quality")
    if quality is None and format in {"jpeg", "webp"}:
        quality = QUALITY
    return Encoding(format, quality)


def media_of(name: str) -> str:
    """The media type of a finished render, by the end of its name."""
    ending = name.rpartition(".")[2]
    return next(MEDIA[format] for format, ends in _ENDINGS.items() if ends == ending)


def image_key(template_id: str, fields_hash: str, encoding: Encoding = PNG) -> str:
    """Where a finished render's bytes are."""
    return f"img/t/{template_id}/{fields_hash}.{_ENDINGS[encoding.format]}"


def preview_key(owner: Owner, job_id: str, encoding: Encoding = PNG) -> str:
    """Where a preview's bytes are for the hour or so it lives."""
    mode, ending = "live" if owner.livemode else "test", _ENDINGS[encoding.format]
    return f"tmp/previews/{owner.workspace_id}/{mode}/{job_id}.{ending}"


def is_listed(job: Job) -> bool:
    """Whether a job is in the lists of generations: not renders, nor what serves another request or a manifest."""
    serves_another = job.is_unlisted or job.manifest is not None or job.late is not None
    return not (is_render(job) or serves_another)


def is_render(job: Job) -> bool:
    """Whether a job is a render, a preview or a batch of renders: these are in no list of generations."""
    return job.engine == RENDERER


def _canonical(value: Any, depth: int = _DEPTH) -> Any:
    """One element's value without what makes no difference: empty members, and how a whole number is spelled."""
    if isinstance(value, list) and depth:
        return [_canonical(each, depth - 1) for each in value]
    if isinstance(value, Mapping) and depth:
        return {name: _canonical(held, depth - 1) for name, held in value.items() if held is not None}
    return _number(value)


def _number(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() else value
