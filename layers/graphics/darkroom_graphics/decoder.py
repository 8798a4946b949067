"""The process in which a worker's pictures from outside are decoded (``decoding_apart``).

Apart from what uses it, because it is started while a worker starts: nothing of Skia is loaded here.
"""

from __future__ import annotations

from typing import Final

from darkroom_graphics.isolated import IsolatedProcess

DECODER: Final = IsolatedProcess("darkroom_graphics.decoding_work")
