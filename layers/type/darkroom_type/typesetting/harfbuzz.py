"""The one door to uharfbuzz, which ships no types."""

from importlib import import_module
from typing import Any

hb: Any = import_module("uharfbuzz")
