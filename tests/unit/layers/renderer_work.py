"""A picture with every kind of element, drawn by the renderer."""

from __future__ import annotations

from darkroom_renderer.imported_pictures import import_picture
from tests.unit.layers.samples import picture
from tests.unit.renderer.drawing import URL, element, rendered, template

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><circle cx="4" cy="4" r="3"/></svg>'


def main() -> None:
    every_kind = template(
        element("image", src=URL, circle=True),
        element("svg", svg=SVG),
        element("qr", text="https://darkroom.example"),
        element("barcode", text="4006381333931", format="ean13"),
        element("rating", value=3.5),
        element("shape", shape="star"),
        element("text", text="Grüße, 世界 🙂 مرحبا"),
    )
    assert rendered(every_kind, {}, {URL: picture()}, watermark=True)
    for data in (SVG.encode(), picture()):
        assert import_picture(data, "logo").data
