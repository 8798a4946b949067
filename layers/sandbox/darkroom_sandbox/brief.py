"""The painter's input and output."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reference:
    """A picture the caller sends along (PNG, JPEG, WebP, GIF or BMP) and the part it is to play.

    ``kind`` is ref, template, logo, style, character or product.
    """

    kind: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Brief:
    """One picture to paint. Two equal briefs give byte-identical pictures.

    ``size`` (pixels) overrides the ratio's own; ``palette`` holds ``#RRGGBB`` colours; ``style`` is the level of
    detail: fast, standard or premium. ``title`` is what a poster says, where no scene shows what the prompt is about:
    the prompt itself if there is none. ``caption`` is set on the picture as a meme's, ``headline`` as an
    advertisement's or a slide's; ``brand`` is set small. Posters with the same ``look`` are of one design.
    """

    prompt: str
    seed: str
    aspect_ratio: str = "1:1"
    size: tuple[int, int] | None = None
    style: str = "standard"
    references: tuple[Reference, ...] = ()
    palette: tuple[str, ...] = ()
    title: str | None = None
    caption: str | None = None
    headline: str | None = None
    brand: str | None = None
    look: str | None = None
    watermark: bool = False


@dataclass(frozen=True, slots=True)
class Painting:
    """An encoded picture; sides in pixels, ``aspect_ratio`` the supported name nearest to them."""

    data: bytes
    mime: str
    width: int
    height: int
    aspect_ratio: str
