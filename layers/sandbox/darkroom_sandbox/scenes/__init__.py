"""Scenes by setting. A new one is a module with a ``SCENES`` table, merged here, and its words in the
vocabulary.
"""

from collections.abc import Callable
from typing import Final

from darkroom_sandbox.scenes import cosmos, figures, land, pure, still, town, water, woods
from darkroom_sandbox.stage import Stage

SCENES: Final[dict[str, Callable[[Stage], None]]] = {
    **land.SCENES,
    **water.SCENES,
    **woods.SCENES,
    **town.SCENES,
    **cosmos.SCENES,
    **still.SCENES,
    **figures.SCENES,
    **pure.SCENES,
}
