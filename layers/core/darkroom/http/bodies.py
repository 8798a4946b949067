"""Reads request bodies within limits, and refuses what could not be stored."""

from __future__ import annotations

import binascii
import hashlib
import json
import math
from typing import Any

from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEventV2

from darkroom.domain.errors import MalformedBody, PayloadTooLarge

MAX_DEPTH = 16
_MAX_INTEGER = 2**63
_EXACT = 2**53  # beyond it, a float is no particular integer
_LARGEST, _SMALLEST = 1e125, 1e-130  # what a table's numbers can hold


def json_object(event: APIGatewayProxyEventV2, limit: int) -> dict[str, Any]:
    """The body as a JSON object of at most ``limit`` bytes.

    Raises
    ------
    MalformedBody, PayloadTooLarge
    """
    sent = raw(event, limit)
    if not sent.strip():
        raise MalformedBody("The request body is empty; send a JSON object.")
    body = parsed(sent)
    if not isinstance(body, dict):
        raise MalformedBody("The request body must be a JSON object.")
    return body


def parsed(raw: bytes) -> object:
    """Parse JSON, and refuse what could not be stored. JSON has one kind of number: 2.0 is 2.

    Raises
    ------
    MalformedBody
    """
    try:
        body: object = json.loads(raw, parse_float=_number)
        _refuse_unstorable(body, MAX_DEPTH)
    except (ValueError, RecursionError) as error:
        raise MalformedBody("The request body is not valid JSON.") from error
    return body


def raw(event: APIGatewayProxyEventV2, limit: int) -> bytes:
    """The body as it was sent, of at most ``limit`` bytes.

    Raises
    ------
    MalformedBody, PayloadTooLarge
    """
    try:
        text = event.decoded_body if event.is_base64_encoded else event.body
        body = (text or "").encode()
    except (UnicodeError, binascii.Error) as error:
        raise MalformedBody("The request body is not UTF-8 text.") from error
    if len(body) > limit:
        raise PayloadTooLarge(f"The request body exceeds {_size(limit)}.")
    return body


def _size(limit: int) -> str:
    """A limit as the documents say it."""
    megabytes, rest = divmod(limit, 1024 * 1024)
    return f"{limit} bytes" if rest else f"{megabytes} MB"


def fingerprint(event: APIGatewayProxyEventV2, limit: int) -> str:
    """A digest of method, path and body. Bodies that differ only in JSON formatting have the same one.

    Raises
    ------
    MalformedBody, PayloadTooLarge
    """
    sent = raw(event, limit)
    try:
        body = json.dumps(json.loads(sent), sort_keys=True, separators=(",", ":")).encode()
    except (ValueError, RecursionError):
        body = sent
    return hashlib.sha256(b"\n".join((event.http_method.encode(), event.path.encode(), body))).hexdigest()


def _refuse_unstorable(value: object, depth: int) -> None:
    """Refuse lone surrogates, NUL, NaN, numbers of absurd size, nameless members and deep nesting.

    Raises
    ------
    MalformedBody, ValueError
    """
    if isinstance(value, str):
        value.encode()
        if "\0" in value:
            raise MalformedBody("The request body contains a NUL character.")
    elif isinstance(value, int | float):
        _refuse_number(value)
    elif isinstance(value, dict | list):
        if depth == 0:
            raise MalformedBody(f"The request body is nested deeper than {MAX_DEPTH} levels.")
        for member in value:
            _refuse_unstorable(member, depth - 1)
        if isinstance(value, dict):
            if "" in value:
                raise MalformedBody("The request body has a member without a name.")
            for member in value.values():
                _refuse_unstorable(member, depth - 1)


def _number(text: str) -> float | int:
    number = float(text)
    return int(number) if number.is_integer() and abs(number) < _EXACT else number


def _refuse_number(value: float) -> None:
    if isinstance(value, int):
        storable = -_MAX_INTEGER <= value < _MAX_INTEGER
    else:
        storable = value == 0 or (math.isfinite(value) and _SMALLEST < abs(value) < _LARGEST)
    if not storable:
        raise MalformedBody("The request body contains a number that is out of range.")
