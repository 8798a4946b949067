"""Elements: what follows from an element's fields."""

from __future__ import annotations

from typing import Any

import pytest

from darkroom.domain.templates.definition import parse_definition
from darkroom.domain.templates.elements import TextElement
from tests.harness.template_making import document, element


@pytest.mark.parametrize(
    ("fields", "smallest"),
    [
        ({}, 32),
        ({"autoShrink": True}, 8),
        ({"minFontSize": 20}, 20),
        ({"autoShrink": True, "fontSize": 5}, 5),
    ],
)
def test_text_shrinks_as_far_as_it_is_told(fields: dict[str, Any], smallest: float) -> None:
    text = parse_definition(document(element(**fields))).elements[0]
    assert isinstance(text, TextElement)
    assert text.smallest_size == smallest
