"""Request bodies as pydantic models. A client gets one error: the first one pydantic reports."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from darkroom.domain.errors import (
    CountOutOfRange,
    InvalidAspectRatio,
    InvalidMask,
    InvalidParam,
    InvalidRequest,
    MissingParam,
)

_BY_FIELD: Mapping[str, type[InvalidRequest]] = {
    "aspect_ratio": InvalidAspectRatio,
    "count": CountOutOfRange,
    "mask": InvalidMask,
}


# Where pydantic's own message would name our classes.
_REASONS: Mapping[str, str] = {
    "model_type": "must be an object",
    "dict_type": "must be an object",
    "list_type": "must be an array",
}


_DIGEST_BYTES = 32


def _hex_digest(text: str) -> str:
    """A SHA-256 as hex digits, from those or from base64, as S3 spells it."""
    try:
        digest = (
            bytes.fromhex(text) if len(text) == 2 * _DIGEST_BYTES else base64.b64decode(text, validate=True)
        )
    except (ValueError, binascii.Error):
        digest = b""
    if len(digest) != _DIGEST_BYTES:
        raise ValueError("must be a SHA-256 as 64 hex digits or as base64")
    return digest.hex()


Checksum = Annotated[str, Field(min_length=44, max_length=64), AfterValidator(_hex_digest)]


class Body(BaseModel):
    """Base of request bodies: types are taken literally, ``null`` is absence, unknown fields are ignored."""

    model_config = ConfigDict(strict=True, extra="ignore", frozen=True, defer_build=True)

    @model_validator(mode="before")
    @classmethod
    def _null_is_absent(cls, value: object) -> object:
        if not isinstance(value, dict):
            return value
        return {name: member for name, member in value.items() if member is not None}


def parse[B: Body](model: type[B], body: Mapping[str, Any]) -> B:
    """Read a body.

    Raises
    ------
    InvalidRequest
        Its subclass for the first mistake, with the field's name.
    """
    try:
        return model.model_validate(body)
    except ValidationError as error:
        raise _refusal(error.errors(include_url=False, include_context=False)[0]) from error


def _refusal(mistake: Mapping[str, Any]) -> InvalidRequest:
    location = tuple(str(part) for part in mistake["loc"])
    param = ".".join(location) or None
    if mistake["type"] == "missing":
        return MissingParam(f"{param} is required.", param=param)
    kind = _BY_FIELD.get(location[0] if location else "", InvalidParam)
    return kind(f"{param or 'body'}: {_reason(mistake)}.", param=param)


def _reason(mistake: Mapping[str, Any]) -> str:
    """Pydantic's own message, which names limits and choices, without the prefix of a raised ``ValueError``."""
    if mistake["type"] in _REASONS:
        return _REASONS[mistake["type"]]
    text = str(mistake["msg"]).removeprefix("Value error, ").replace(" after validation", "").rstrip(".")
    return text[:1].lower() + text[1:]
