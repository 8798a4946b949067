"""The families that a template's texts are set in: those that ship, and the workspace's own."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from darkroom.domain.errors import InvalidParam
from darkroom.domain.fonts.font import BUILT_IN
from darkroom.domain.templates.elements import AnyElement, FontFamily, TextElement, TextRun, within


def chain(family: FontFamily) -> tuple[str, ...]:
    """The families to look for a character in, the first one first."""
    return (family,) if isinstance(family, str) else family


def own_families(elements: Iterable[AnyElement]) -> dict[str, str]:
    """The families that do not ship with the renderer, and where each is named first."""
    named: dict[str, str] = {}
    for family, path in _named(elements):
        for name in chain(family):
            if name not in BUILT_IN:
                named.setdefault(name, path)
    return named


def check_known(named: dict[str, str], known: Collection[str]) -> None:
    """Raises InvalidParam of the first family, by where it is named, that is not known."""
    for name, path in named.items():
        if name not in known:
            families = ", ".join(f"'{family}'" for family in BUILT_IN)
            reason = f"must be one of {families}, or a font of the workspace's own that is ready"
            raise InvalidParam(f"{path}: {reason}.", param=path)


def families_of_runs(runs: Iterable[TextRun], path: str) -> Iterator[tuple[FontFamily, str]]:
    """The families that runs name, and where."""
    for index, run in enumerate(runs):
        if run.font_family is not None:
            yield run.font_family, f"{path}.{index}.fontFamily"


def _named(elements: Iterable[AnyElement]) -> Iterator[tuple[FontFamily, str]]:
    for element in within(elements):
        if isinstance(element, TextElement):
            path = f"elements.{element.id}"
            yield element.font_family, f"{path}.fontFamily"
            yield from families_of_runs(element.runs or (), f"{path}.runs")
