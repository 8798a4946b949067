"""Where a picture goes in its box."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle, in px."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Placement:
    """Which ``part`` of a picture is drawn where: ``at``."""

    part: Box
    at: Box


def place(
    fit: str, size: tuple[float, float], box: Box, focal: tuple[float, float] = (0.5, 0.5)
) -> Placement:
    """Fits a picture of ``size`` into ``box`` as CSS' object-fit and object-position would.

    With ``cover`` the focal point stays as close to the box's middle as the picture's edges allow.
    """
    width, height = size
    if fit == "fill":
        return Placement(Box(0, 0, width, height), box)
    if fit == "contain":
        scale = min(box.width / width, box.height / height)
        shown_w, shown_h = width * scale, height * scale
        x = box.x + (box.width - shown_w) * focal[0]
        y = box.y + (box.height - shown_h) * focal[1]
        return Placement(Box(0, 0, width, height), Box(x, y, shown_w, shown_h))
    scale = max(box.width / width, box.height / height)
    part_w, part_h = min(box.width / scale, width), min(box.height / scale, height)
    x = min(max(focal[0] * width - part_w / 2, 0), width - part_w)
    y = min(max(focal[1] * height - part_h / 2, 0), height - part_h)
    return Placement(Box(x, y, part_w, part_h), box)
