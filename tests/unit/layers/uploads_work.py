"""Every kind of upload, judged as the function that takes them in does."""

from __future__ import annotations

import wave
from io import BytesIO

from darkroom_fonts.inspecting import FontInspector
from darkroom_graphics.inspecting import IsolatedInspector
from tests.unit.layers.samples import picture
from tools.paths import ROOT


def sound() -> bytes:
    body = BytesIO()
    with wave.open(body, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(bytes(16_000))
    return body.getvalue()


def main() -> None:
    for data, mime in ((picture(), "image/png"), (sound(), "audio/wav")):
        clean = IsolatedInspector().inspect(data, mime)
        assert (clean.mime, clean.data) == (mime, data)
    font = FontInspector().inspect(
        (ROOT / "layers/type/darkroom_type/files/Anton.ttf").read_bytes(), "font/ttf"
    )
    assert font.font is not None
    assert font.font.family == "Anton"
