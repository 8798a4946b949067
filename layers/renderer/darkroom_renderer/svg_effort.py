"""What a drawing would take to draw, counted before anything draws it.

An element costs next to nothing. A layer does: opacity, a mask, a clip, a blend or a filter draws everything below it
into pixels of its own first, and goes over all of them. What counts is what is drawn, so an element that is used
twice, or painted with a pattern, counts twice with everything in it.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from darkroom_graphics.unusable_picture import UnusablePicture

MAX_ELEMENTS: Final = 10_000  # as drawn
MAX_NESTED: Final = 20  # layers within each other
MAX_LAYER_PIXELS: Final = 300_000_000  # that all layers go over, beside those of pictures
MAX_NESTED_PIXELS: Final = 80_000_000  # of layers within each other: 320 MB
MAX_PICTURE_PIXELS: Final = 200_000_000  # decoded, a picture as often as it is drawn

# Pictures' areas gone over, by what is done: measured against one layer of opacity, rounded up.
_PRIMITIVES: Final = {
    "feGaussianBlur": 4,
    "feDropShadow": 6,
    "feMergeNode": 1,
    "feMerge": 0,
    "feDiffuseLighting": 4,
    "feSpecularLighting": 4,
    "feDisplacementMap": 5,
    "feMorphology": 3,
    "feTurbulence": 12,
    **dict.fromkeys(("feFuncA", "feFuncB", "feFuncG", "feFuncR"), 0),
    **dict.fromkeys(("feDistantLight", "fePointLight", "feSpotLight"), 0),
}
_OCTAVE: Final = 1.5  # of turbulence
_KERNEL: Final = 0.2  # of a convolution, for each of its numbers
_SPREAD: Final = 0.4  # of morphology, for each pixel of its radii's product
_SHARE_UNITS: Final = 300.0  # what a radius of 1 is taken for where it is a share of the element
_OTHER_PRIMITIVE: Final = 2
_FUNCTION: Final = 6  # of CSS in a filter: a shadow at most
_WINDOWS: Final = frozenset({"svg", "symbol", "marker", "pattern", "image"})  # clipped, or drawn apart
_NOT_DRAWN: Final = frozenset(
    {"defs", "symbol", "clipPath", "mask", "pattern", "marker", "filter", "linearGradient", "radialGradient"}
)
_VERTICES: Final = frozenset({"path", "line", "polyline", "polygon"})
_LAYERING: Final = frozenset({"opacity", "mask", "clip-path", "filter", "mix-blend-mode", "isolation"})
_PLAIN: Final = frozenset({"", "none", "normal", "auto", "1", "1.0", "100%"})

_URL: Final = re.compile(r"url\(\s*['\"]?\s*#([^'\")\s]*)", re.IGNORECASE)
_NUMBER: Final = re.compile(r"[0-9.]+")
_AMOUNT: Final = re.compile(r"(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
_SIMPLE: Final = re.compile(r"[.#]?[\w-]+")
_COMBINATOR: Final = re.compile(r"[\s>+~]")

type Lines = list[tuple[str, str]]  # properties and their values


@dataclass(slots=True, eq=False)
class Node:
    """An element: what it is called, what it says of itself, what is in it and what it refers to."""

    name: str
    attributes: Mapping[str, str]
    picture_pixels: int = 0
    parent: Node | None = None
    children: list[Node] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Effort:
    """``elements`` as drawn; ``layers``, how often the drawn area is gone over; how many lie within each other.

    ``spread`` is the sum of the areas, in the drawing's units, that morphology looks at for each of its pixels.
    """

    elements: int = 0
    layers: int = 0
    nested: int = 0
    picture_pixels: int = 0
    spread: float = 0.0

    def check(self, area: float, scale: float = 1.0) -> None:
        """Raises UnusablePicture where it is too much for a drawing of ``area`` pixels, ``scale`` to a unit."""
        layers = self.layers + _SPREAD * self.spread * scale**2
        if (
            layers * area > MAX_LAYER_PIXELS
            or self.nested * area > MAX_NESTED_PIXELS
            or self.picture_pixels > MAX_PICTURE_PIXELS
        ):
            raise UnusablePicture("has too many filters, masks, pictures or translucent groups for its size")


def effort(nodes: Sequence[Node], css: str) -> Effort:
    """What drawing the first of the nodes takes, with all that is in it.

    Raises
    ------
    UnusablePicture
        Something refers to itself, or there is more than may be drawn at any size.
    """
    document = _Document(nodes, css)
    own: dict[Node, _Own] = {}
    spent: dict[Node, Effort] = {}
    stack = [(node, False) for node in nodes[:1]]
    while stack:
        node, ready = stack.pop()
        if ready:
            spent[node] = _spent(node, own[node], spent)
        elif node not in spent:
            own[node] = document.own(node)
            stack.append((node, True))
            for other in (*node.children, *own[node].targets):
                if other in own and other not in spent:
                    raise UnusablePicture("refers to itself")
                stack.append((other, False))
    return spent[nodes[0]] if nodes else Effort()


@dataclass(frozen=True, slots=True)
class _Own:
    """What an element takes by itself, and the elements it refers to, each as often as it does."""

    layers: int
    nested: int
    targets: Counter[Node]
    spread: float = 0.0


def _spent(node: Node, own: _Own, spent: Mapping[Node, Effort]) -> Effort:
    """What an element takes together with what is in it and what it refers to."""
    drawn = [(spent[child], 1) for child in node.children if child.name not in _NOT_DRAWN]
    drawn += [(spent[target], times) for target, times in own.targets.items()]
    hidden = sum(spent[child].elements for child in node.children if child.name in _NOT_DRAWN)
    total = Effort(
        1 + hidden + sum(part.elements * times for part, times in drawn),
        own.layers + sum(part.layers * times for part, times in drawn),
        own.nested + max((part.nested for part, _ in drawn), default=0),
        node.picture_pixels + sum(part.picture_pixels * times for part, times in drawn),
        own.spread + sum(part.spread * times for part, times in drawn),
    )
    if total.elements > MAX_ELEMENTS:
        raise UnusablePicture(f"draws more than {MAX_ELEMENTS} elements")
    if total.nested > MAX_NESTED:
        raise UnusablePicture(f"nests more than {MAX_NESTED} masks, filters or translucent groups")
    return total


class _Document:
    """Answers what one element says of itself, with what the style sheet says of it."""

    def __init__(self, nodes: Sequence[Node], css: str) -> None:
        self._sheet = _Sheet(css)
        self._markers = [node for node in nodes if node.name == "marker"]
        self._css_marks = "marker" in css
        self._by_id: dict[str, list[Node]] = defaultdict(list)
        for node in nodes:
            if name := node.attributes.get("id"):
                self._by_id[name].append(node)

    def own(self, node: Node) -> _Own:
        said = [*node.attributes.items(), *_declarations(node.attributes.get("style", ""))]
        said += self._sheet.said_of(node)
        layering = {
            (name, value) for name, value in said if name in _LAYERING and value.strip() not in _PLAIN
        }
        layers = bool(layering) + (node.name in _WINDOWS and node.parent is not None)
        nested = int(bool(layering))
        for name, value in layering:
            if name == "mask":
                layers, nested = layers + 2, nested + 1
            elif name == "filter":
                layers, nested = layers + 1 + _FUNCTION * _functions(value), nested + 3
        if node.name.startswith("fe"):
            layers += _primitive(node)
        return _Own(layers, nested, self._targets(node, said), _spread(node))

    def _targets(self, node: Node, said: Iterable[tuple[str, str]]) -> Counter[Node]:
        names = [node.attributes["href"][1:]] if node.attributes.get("href", "").startswith("#") else []
        names += [name for _, value in said for name in _URL.findall(value)]
        targets = Counter(target for name in names for target in self._by_id.get(name, ()))
        if self._markers and node.name in _VERTICES and self._is_marked(node):
            path = node.attributes.get("d", "") + node.attributes.get("points", "")
            vertices = 2 + len(_NUMBER.findall(path)) // 2
            targets.update(dict.fromkeys(self._markers, vertices))
        return targets

    def _is_marked(self, node: Node) -> bool:
        """Whether markers may stand at a line's vertices: they are inherited, and none stands in another."""
        marked, at = self._css_marks, node
        while True:
            marked |= any(name.startswith("marker") for name in at.attributes)
            marked |= "marker" in at.attributes.get("style", "")
            if at.name == "marker":
                return False
            if at.parent is None:
                return marked
            at = at.parent


def _primitive(node: Node) -> int:
    """How often a filter's primitive goes over its area, whatever its size."""
    layers: float = _PRIMITIVES.get(node.name, _OTHER_PRIMITIVE)
    if node.name == "feTurbulence":
        layers += _OCTAVE * sum(_numbers(node.attributes.get("numOctaves", "1")))
    elif node.name == "feConvolveMatrix":
        layers += _KERNEL * len(_numbers(node.attributes.get("kernelMatrix", "")))
    return math.ceil(min(layers, MAX_LAYER_PIXELS))


def _spread(node: Node) -> float:
    """The area that morphology looks at for a pixel, in the drawing's units."""
    radii = _numbers(node.attributes.get("radius", "")) if node.name == "feMorphology" else []
    if not radii:
        return 0.0
    parent = node.parent.attributes if node.parent else {}
    unit = _SHARE_UNITS if parent.get("primitiveUnits") == "objectBoundingBox" else 1.0
    return min(radii[0] * radii[-1] * unit**2, float(MAX_LAYER_PIXELS))


def _numbers(text: str) -> list[float]:
    """The numbers in an attribute, without their signs."""
    return [min(float(each), float(MAX_LAYER_PIXELS)) for each in _AMOUNT.findall(text)]


def _functions(value: str) -> int:
    """How many functions a filter's value calls beside url()."""
    return value.count("(") - len(_URL.findall(value))


class _Sheet:
    """A style sheet's rules about layers, found by one of the names their selectors end in."""

    def __init__(self, css: str) -> None:
        self._rules: dict[str, list[tuple[frozenset[str], Lines]]] = defaultdict(list)
        parts = css.split("/*")  # comments
        plain = parts[0] + "".join(part.partition("*/")[2] for part in parts[1:])
        for block in plain.split("}"):
            selectors, _, body = block.rpartition("{")
            lines = _declarations(body)
            if any(name in _LAYERING or "(" in value for name, value in lines):
                for selector in selectors.split(","):
                    names = _names_selected(selector)
                    self._rules[max(names, default="")].append((names, lines))

    def said_of(self, node: Node) -> Iterator[tuple[str, str]]:
        """What the rules that may mean an element declare of it."""
        classes = (f".{name}" for name in node.attributes.get("class", "").split())
        names = {"", node.name, f"#{node.attributes.get('id')}", *classes}
        for name in names:
            for needed, lines in self._rules.get(name, ()):
                if needed <= names:
                    yield from lines


def _names_selected(selector: str) -> frozenset[str]:
    """The classes, ids and elements of a selector's last part, without what stands in brackets or after a colon."""
    last = _COMBINATOR.split(selector.strip())[-1].split("[")[0].split(":")[0]
    return frozenset(_SIMPLE.findall(last))


def _declarations(css: str) -> Lines:
    parts = (part.partition(":") for part in css.split(";"))
    return [(name.strip().lower(), value.replace("!important", "").strip()) for name, _, value in parts]
