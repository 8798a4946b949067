"""What the rows of manifests can become: other dialects' offers, at the same prices."""

from __future__ import annotations

from collections.abc import Mapping

from darkroom.catalog_data import memes, pixeldrive

RENDERS = pixeldrive.BATCH

# The models that clients name.
MODELS: Mapping[str, str] = {
    "forge-image": memes.IMAGE,
    "forge-image-fast": memes.IMAGE_FAST,
    "meme": memes.MEME,
}
