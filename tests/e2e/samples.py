"""Sample media for the documents' commands, made on the spot, and a web server that has them."""

from __future__ import annotations

import base64
import io
import math
import struct
import threading
import wave
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from PIL import Image


def picture(width: int = 320, height: int = 240) -> bytes:
    """A PNG with something in it."""
    image = Image.radial_gradient("L").resize((width, height)).convert("RGB")
    output = io.BytesIO()
    image.save(output, "PNG")
    return output.getvalue()


def sound(seconds: float = 2.0, rate: int = 16_000) -> bytes:
    """A WAV file with a tone."""
    output = io.BytesIO()
    with wave.open(output, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(rate)
        samples = (int(12_000 * math.sin(2 * math.pi * 220 * n / rate)) for n in range(int(seconds * rate)))
        writer.writeframes(b"".join(struct.pack("<h", sample) for sample in samples))
    return output.getvalue()


def data_url(data: bytes, mime: str) -> str:
    return f"data:{mime};base64,{base64.b64encode(data).decode()}"


def from_data_url(url: str) -> bytes:
    """The bytes of a data URL."""
    return base64.b64decode(url.partition(",")[2], validate=True)


@contextmanager
def served(data: bytes, mime: str) -> Iterator[str]:
    """The address of a loopback web server that answers every path with ``data``."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("content-type", mime)
            self.send_header("content-length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
