"""The refusal of a picture, apart from what decodes one: processes without Skia raise it too."""

from __future__ import annotations


class UnusablePicture(ValueError):
    """A picture that cannot be used. The message continues a sentence about it and is safe to show."""
