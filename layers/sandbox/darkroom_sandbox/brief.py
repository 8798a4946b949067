"""The painter's input and output."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reference:
    """A picture the caller sends along (PNG, JPEG or WebP) and the part it is to play.

    ``kind`` is ref, template, logo, style or character.
    """

    kind: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Brief:
    """One picture to paint. Two equal briefs give byte-identical pictures.

    ``size`` (pixels) overrides the ratio's own; ``palette`` holds ``#RRGGBB`` colours; ``caption`` is set
    large on the picture, ``brand`` small; ``style`` is the level of detail: fast, standard or premium.
    """

    prompt: str
    seed: str
    aspect_ratio: str = "1:1"
    size: tuple[int, int] | None = None
    style: str = "standard"
    references: tuple[Reference, ...] = ()
    palette: tuple[str, ...] = ()
    caption: str | None = None
    brand: str | None = None
    watermark: bool = False


@dataclass(frozen=True, slots=True)
class Painting:
    """An encoded picture; sides in pixels, ``aspect_ratio`` the supported name nearest to them."""

    data: bytes
    mime: str
    width: int
    height: int
    aspect_ratio: str
