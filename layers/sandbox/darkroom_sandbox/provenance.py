"""What every file of the sandbox says about itself: that a program made it, and which."""

from __future__ import annotations

from typing import Final

from darkroom_graphics.provenance import ALGORITHMIC_MEDIA, xmp_packet

CREATOR: Final = "Darkroom sandbox"
SOURCE_TYPE: Final = ALGORITHMIC_MEDIA
XMP: Final = xmp_packet(CREATOR, SOURCE_TYPE)
