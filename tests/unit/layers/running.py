"""Does a worker's work where only its own layers can be imported: ``python -m tests.unit.layers.running worker``."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Mapping, Sequence
from importlib.abc import MetaPathFinder
from types import ModuleType
from typing import Final

# What each worker's function has beside core. What a function and its layers unpack to is limited.
LAYERS_OF: Final[Mapping[str, frozenset[str]]] = {
    "renderer": frozenset({"graphics", "type", "renderer"}),
    "sandbox": frozenset({"graphics", "type", "sandbox"}),
    "sandbox_films": frozenset({"graphics", "av", "sandbox"}),
    "uploads": frozenset({"graphics", "fonts"}),
    "vendors": frozenset({"vendors", "graphics"}),
}
# The package of a worker's function where it is not called after it.
PACKAGES: Final[Mapping[str, str]] = {"uploads": "uploads_ingest"}
# What can be imported from each layer. Pillow is in none: only tests use it.
CONTENTS: Final[Mapping[str, frozenset[str]]] = {
    "vendors": frozenset({"darkroom_vendors", "nacl"}),
    "graphics": frozenset({"darkroom_graphics", "skia", "numpy", "deflate", "isal"}),
    "type": frozenset({"darkroom_type", "uharfbuzz", "icu4py"}),
    "renderer": frozenset({"darkroom_renderer", "resvg_py", "zxingcpp"}),
    "fonts": frozenset({"darkroom_fonts", "fontTools", "brotli"}),
    "av": frozenset({"av"}),
    "payments": frozenset({"darkroom_payments", "stripe"}),
    "sandbox": frozenset({"darkroom_sandbox"}),
    "none": frozenset({"PIL"}),
}


class OtherLayers(MetaPathFinder):
    """Refuses to import what is in a layer that the worker does not have."""

    def __init__(self, worker: str) -> None:
        layers = set(CONTENTS) - LAYERS_OF[worker]
        self.packages: Final = frozenset().union(*(CONTENTS[layer] for layer in layers))

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None,
        target: ModuleType | None = None,
    ) -> None:
        if fullname.partition(".")[0] in self.packages:
            raise ImportError(f"{fullname} is in a layer that this worker does not have")


def package_of(worker: str) -> str:
    """The package of a worker's function."""
    return PACKAGES.get(worker, f"worker_{worker}")


# What reads strangers' pictures, drawings and sounds: no process with credentials loads it.
DECODERS: Final = frozenset(
    {
        *("darkroom_graphics.decoding", "darkroom_renderer.svg_safety", "resvg_py"),
        *("darkroom_fonts.judging", "fontTools"),
        "darkroom_sandbox.films.sound_work",
    }
)


def main() -> None:
    worker = sys.argv[1]
    sys.meta_path.insert(0, OtherLayers(worker))
    importlib.import_module(f"{package_of(worker)}.app")
    importlib.import_module(f"tests.unit.layers.{worker}_work").main()
    assert not DECODERS & set(sys.modules)


if __name__ == "__main__":
    main()
