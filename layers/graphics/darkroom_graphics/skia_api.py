"""The one door to skia-python, which ships no type stubs.

Every other module imports ``skia`` from here, so the untyped surface has a single, named boundary and
``mypy --strict`` needs no per-import exceptions. What skia is linked to is made sure of first.
"""

from importlib import import_module
from typing import Any

from darkroom_graphics.native.loading import load

load()
skia: Any = import_module("skia")

type Canvas = Any
type Image = Any
type Paint = Any
type Path = Any
type Surface = Any
type Typeface = Any
