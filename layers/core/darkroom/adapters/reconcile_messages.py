"""Turns of reconciliations as JSON and back, for those who send them and those who receive them."""

from __future__ import annotations

import json

from darkroom.domain.reconcile.books import Turn
from darkroom.domain.serialization import from_document, to_document


def turn_to_json(turn: Turn) -> str:
    return json.dumps(to_document(turn))


def turn_from_json(text: str) -> Turn:
    return from_document(Turn, json.loads(text))
