"""The vendors, one line each. A vendor's file is loaded when the vendor is first used.

``CHECKLIST.md`` says how to add one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

from darkroom.ports.system import Clock
from darkroom.ports.vendors import Masks, Moderator
from darkroom_vendors.base import Vendor
from darkroom_vendors.callbacks import CallbackKeys, Verifier

# Vendor's name → its class. Routes, keys, messages and metrics use the name.
VENDORS: Mapping[str, str] = {
    "openai": "darkroom_vendors.openai:OpenAI",
    "google": "darkroom_vendors.google:Google",
    "xai": "darkroom_vendors.xai:XAI",
    "fal": "darkroom_vendors.fal:Fal",
    "kie": "darkroom_vendors.kie.protocol:Kie",
    "replicate": "darkroom_vendors.replicate:Replicate",
}

_CONVERTS_MASKS = frozenset({"openai", "fal", "replicate"})

# Vendor's name → the class that verifies its callbacks, made with :class:`CallbackKeys`.
VERIFIERS: Mapping[str, str] = {
    "fal": "darkroom_vendors.fal.callbacks:FalCallbacks",
    "kie": "darkroom_vendors.kie.callbacks:KieCallbacks",
    "replicate": "darkroom_vendors.replicate:ReplicateCallbacks",
}


def vendor(name: str, masks: Masks | None = None) -> Vendor:
    """The vendor of that name; without ``masks`` one that needs masks converted refuses requests with one.

    Raises
    ------
    LookupError
        There is none.
    """
    kind = _named(VENDORS, name)
    made: Vendor = kind(masks=masks) if name in _CONVERTS_MASKS else kind()
    return made


def verifier(name: str, keys: CallbackKeys) -> Verifier:
    """What verifies the callbacks of the vendor of that name.

    Raises
    ------
    LookupError
        There is no such vendor, or it does not call back.
    """
    made: Verifier = _named(VERIFIERS, name)(keys)
    return made


def moderator(key: Callable[[], str], clock: Clock, base_url: str = "") -> Moderator:
    """The moderator of requests before they are sent: OpenAI's, which is free."""
    made: Moderator = _named({"openai": "darkroom_vendors.openai_moderation:OpenAIModerator"}, "openai")(
        key, clock, base_url=base_url
    )
    return made


def _named(listed: Mapping[str, str], name: str) -> Any:
    if name not in listed:
        raise LookupError(f"no vendor {name}")
    module, _, attribute = listed[name].partition(":")
    return getattr(import_module(module), attribute)
