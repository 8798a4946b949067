"""A template's document: a canvas and what stands on it."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator
from typing import Annotated, Any

from pydantic import Field, ValidationError

from darkroom.domain.errors import InvalidParam
from darkroom.domain.templates.checking import check_bounds, check_elements
from darkroom.domain.templates.elements import MAX_ELEMENTS, AnyElement, within
from darkroom.domain.templates.families import check_known, own_families
from darkroom.domain.templates.parts import MAX_SIDE, Background, Part
from darkroom.domain.templates.problems import refusal

MAX_DEFINITION_BYTES = 200_000
MIN_RATIO, MAX_RATIO = 0.1, 3.0  # clients are given 1 and more; less is for a small look at a picture
MAX_OUTPUT_PIXELS = 36_000_000

# What a schema cannot say of one element's type: outside of stacks, a place and a size.
_PLACED = {
    "required": ["x", "y"],
    "anyOf": [{"required": ["width", "height"]}, {"properties": {"type": {"const": "stack"}}}],
}

type Side = Annotated[int, Field(ge=1, le=MAX_SIDE)]


class Canvas(Part):
    """The picture's size in px at a ratio of 1, and what is behind everything."""

    width: Side
    height: Side
    background: Background = "#ffffff"


class TemplateDefinition(Part):
    """What a template looks like. Drawn as :meth:`in_order` says."""

    canvas: Canvas
    elements: Annotated[tuple[AnyElement, ...], Field(max_length=MAX_ELEMENTS, strict=False)] = ()

    def in_order(self) -> Iterator[AnyElement]:
        """The visible elements on the canvas itself, those at the back first."""
        return iter(sorted((it for it in self.elements if it.visible), key=lambda it: it.z))

    def every(self) -> Iterator[AnyElement]:
        """All elements, each group and stack before what is in it."""
        return within(self.elements)

    def element(self, element_id: str) -> AnyElement | None:
        """The element of that id."""
        return next((it for it in self.every() if it.id == element_id), None)


def parse_definition(data: object, families: Callable[[], Collection[str]] = frozenset) -> TemplateDefinition:
    """Read a document from a client. ``families`` tells its workspace's own, if the document names one.

    Raises
    ------
    InvalidParam
        Of the first mistake found; its param is a path that names the element by its id where it has one.
    """
    check_bounds(data)
    try:
        document = TemplateDefinition.model_validate(data, by_alias=True, by_name=False)
    except ValidationError as error:
        raise refusal(error, data) from error
    check_elements(document.elements)
    if named := own_families(document.elements):
        check_known(named, families())
    if len(json.dumps(definition_json(document), ensure_ascii=False).encode()) > MAX_DEFINITION_BYTES:
        raise InvalidParam(f"document: may be at most {MAX_DEFINITION_BYTES // 1000} KB.", param="document")
    return document


def definition_json(document: TemplateDefinition) -> dict[str, Any]:
    """The document as it is stored and answered: with every default, without what is not set."""
    return document.model_dump(mode="json", by_alias=True, exclude_none=True)


def json_schema() -> dict[str, Any]:
    """A JSON Schema (2020-12) of documents."""
    schema = TemplateDefinition.model_json_schema(by_alias=True)
    for owner in (schema, schema["$defs"]["GroupElement"]):
        field = "elements" if owner is schema else "children"
        items = owner["properties"][field]["items"]
        owner["properties"][field]["items"] = {"allOf": [items, _PLACED]}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": "Template document"}


def output_size(document: TemplateDefinition, ratio: float) -> tuple[int, int]:
    """Width and height, in px, of the document's picture at a pixel ratio.

    Raises
    ------
    InvalidParam
        The ratio is out of range, or makes a picture of too many pixels.
    """
    if not MIN_RATIO <= ratio <= MAX_RATIO:
        raise InvalidParam(f"pixelRatio: must be from {MIN_RATIO:g} to {MAX_RATIO:g}.", param="pixelRatio")
    width, height = (max(1, round(side * ratio)) for side in (document.canvas.width, document.canvas.height))
    if width * height > MAX_OUTPUT_PIXELS:
        raise InvalidParam(
            f"pixelRatio: {width} by {height} px are more than the {MAX_OUTPUT_PIXELS // 1_000_000} megapixels "
            "a picture can have.",
            param="pixelRatio",
        )
    return width, height
