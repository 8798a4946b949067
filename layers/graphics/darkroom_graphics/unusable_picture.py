"""The refusal of a picture, apart from what decodes one: processes without Skia raise it too."""

from __future__ import annotations


class UnusablePicture(ValueError):
    """A picture that cannot be used. The message continues a sentence about it and is safe to show."""


class TakesTooMuch(UnusablePicture):
    """What was to be done with it took more time or memory than it may, or crashed."""

    def __init__(self) -> None:
        super().__init__("takes too much time or memory, make it simpler")
