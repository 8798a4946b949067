"""How large a film is: a ratio's shape, with the resolution as its shorter side."""

from typing import Final

from darkroom_sandbox.ratios import SIZES

SHORT_SIDES: Final = {"480p": 480, "720p": 720, "1080p": 1080}


def frame_size(aspect_ratio: str, resolution: str) -> tuple[int, int]:
    """Width and height in pixels, both even, as H.264 wants them.

    Raises ValueError for a ratio or a resolution that is not known.
    """
    if aspect_ratio not in SIZES:
        raise ValueError(f"unsupported aspect ratio, use one of: {', '.join(SIZES)}")
    if resolution not in SHORT_SIDES:
        raise ValueError(f"unsupported resolution, use one of: {', '.join(SHORT_SIDES)}")
    wide, tall = (int(part) for part in aspect_ratio.split(":"))
    short = SHORT_SIDES[resolution]
    return _even(short * max(1.0, wide / tall)), _even(short * max(1.0, tall / wide))


def _even(side: float) -> int:
    return round(side / 2) * 2
