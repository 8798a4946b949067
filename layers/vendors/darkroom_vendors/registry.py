"""The vendors there are. One line each; a vendor's file is loaded when the vendor is first used.

How to add one is told in ``CHECKLIST.md``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

from darkroom.ports.system import Clock
from darkroom.ports.vendors import Masks, Moderator
from darkroom_vendors.base import Vendor
from darkroom_vendors.callbacks import CallbackKeys, Verifier

# Vendor's name → its class. The name stands in routes, keys, queues' messages and metrics.
VENDORS: Mapping[str, str] = {
    "openai": "darkroom_vendors.openai:OpenAI",
    "google": "darkroom_vendors.google:Google",
    "xai": "darkroom_vendors.xai:XAI",
    "fal": "darkroom_vendors.fal:Fal",
    "kie": "darkroom_vendors.kie:Kie",
    "replicate": "darkroom_vendors.replicate:Replicate",
}

_CONVERTS_MASKS = frozenset({"openai", "fal", "replicate"})

# Those that call back → what verifies their callbacks, made with :class:`CallbackKeys`.
VERIFIERS: Mapping[str, str] = {
    "fal": "darkroom_vendors.fal.callbacks:FalCallbacks",
    "kie": "darkroom_vendors.kie:KieCallbacks",
    "replicate": "darkroom_vendors.replicate:ReplicateCallbacks",
}


def vendor(name: str, masks: Masks | None = None) -> Vendor:
    """The vendor of that name; without ``masks`` one that needs its masks converted takes no orders with any.

    Raises
    ------
    LookupError
        There is none.
    """
    found = _named(VENDORS, name)
    made: Vendor = found(masks=masks) if name in _CONVERTS_MASKS else found()
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
    """What looks at orders before they are sent: OpenAI's moderation, which costs nothing."""
    made: Moderator = _named({"openai": "darkroom_vendors.openai_moderation:OpenAIModerator"}, "openai")(
        key, clock, base_url=base_url
    )
    return made


def _named(listed: Mapping[str, str], name: str) -> Any:
    if name not in listed:
        raise LookupError(f"no vendor {name}")
    module, _, attribute = listed[name].partition(":")
    return getattr(import_module(module), attribute)
