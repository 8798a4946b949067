"""The two eras of the protocol: with a handshake, or with every request carrying what a handshake would have set.

Which one a request belongs to follows from its ``MCP-Protocol-Version`` header and its method alone, so that
nothing has to be remembered between two requests.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from typing import Any

from darkroom.http.mcp.messages import (
    HEADER_MISMATCH,
    INVALID_PARAMS,
    UNSUPPORTED_VERSION,
    Message,
    ProtocolError,
)

HANDSHAKE_VERSIONS = ("2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05")  # newest first
MODERN_VERSIONS = ("2026-07-28",)

VERSION_KEY = "io.modelcontextprotocol/protocolVersion"
CAPABILITIES_KEY = "io.modelcontextprotocol/clientCapabilities"
SERVER_KEY = "io.modelcontextprotocol/serverInfo"

# Proxies may route by the Mcp-Name header, so it must equal this parameter of the method.
_NAMED = {"tools/call": "name", "prompts/get": "name", "resources/read": "uri"}


def is_modern(message: Message, headers: Mapping[str, str]) -> bool:
    """Whether a request is of the era without a handshake."""
    version = headers.get("mcp-protocol-version")
    return message.method != "initialize" and version is not None and version not in HANDSHAKE_VERSIONS


def negotiated(requested: object) -> str:
    """The version a handshake settles on: the client's if we speak it, else our newest that has handshakes."""
    return (
        requested if isinstance(requested, str) and requested in HANDSHAKE_VERSIONS else HANDSHAKE_VERSIONS[0]
    )


def check_modern(message: Message, headers: Mapping[str, str]) -> None:
    """Require that a modern request's headers agree with its body.

    Raises
    ------
    ProtocolError
    """
    version = _meta(message)[VERSION_KEY]
    if headers.get("mcp-protocol-version") != version:
        raise _mismatch("MCP-Protocol-Version", VERSION_KEY)
    if headers.get("mcp-method") != message.method:
        raise _mismatch("Mcp-Method", "method")
    field = _NAMED.get(message.method)
    named = message.params.get(field) if field else None
    if named is not None and _decoded(headers.get("mcp-name", "")) != named:
        raise _mismatch("Mcp-Name", f"params.{field}")
    if version not in MODERN_VERSIONS:
        details = {"supported": list(MODERN_VERSIONS), "requested": version}
        raise ProtocolError(UNSUPPORTED_VERSION, "This protocol version is not supported.", data=details)


def _meta(message: Message) -> Mapping[str, Any]:
    meta = message.params.get("_meta")
    members: Mapping[str, Any] = meta if isinstance(meta, dict) else {}
    missing = [key for key in (VERSION_KEY, CAPABILITIES_KEY) if key not in members]
    if missing:
        raise ProtocolError(INVALID_PARAMS, f"params._meta lacks {' and '.join(missing)}.")
    return members


def _mismatch(header: str, member: str) -> ProtocolError:
    return ProtocolError(HEADER_MISMATCH, f"The header {header} does not match the body's {member}.")


def _decoded(value: str) -> str:
    """A header's value, which may be encoded as ``=?base64?…?=``."""
    if not (value.startswith("=?base64?") and value.endswith("?=")):
        return value
    try:
        return base64.b64decode(value[9:-2], validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return value
