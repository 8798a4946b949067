"""What all peers get: the photo and the font, written into a folder: ``python -m bench.render.materials folder``."""

from __future__ import annotations

import sys
from pathlib import Path

from darkroom_graphics.skia_api import skia
from darkroom_sandbox.brief import Brief
from darkroom_sandbox.images import decode
from darkroom_sandbox.painter import paint
from darkroom_type.fonts import FOLDER
from darkroom_type.typesetting.harfbuzz import hb

SIDE = 1024
AXES = {"wght": 600, "opsz": 32}


def photo() -> bytes:
    """A photograph as cameras make them: much larger than it is shown, and a JPEG."""
    painted = decode(paint(Brief("portrait of a woman with red hair, photo", "bench")).data).resize(
        SIDE, SIDE
    )
    return bytes(painted.encodeToData(skia.kJPEG, 85))


def font() -> bytes:
    """Our Inter at the card's weight: not every peer can choose one in a variable font."""
    face = hb.Face(hb.Blob.from_file_path(str(FOLDER / "Inter.ttf")))
    subset = hb.SubsetInput()
    subset.keep_everything()
    for axis, value in AXES.items():
        subset.pin_axis_location(face, axis, value)
    return bytes(hb.subset(face, subset).blob.data)


def main() -> None:
    folder = Path(sys.argv[1])
    (folder / "avatar.jpg").write_bytes(photo())
    (folder / "Inter-600.ttf").write_bytes(font())


if __name__ == "__main__":
    main()
