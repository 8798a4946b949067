"""Public icons, logos and flags, drawn by the engine as they are and as the cleaner leaves them: what differs.

None of them is in the repository. Every file that looks different, or is refused, is named with the reason.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Final

from bench.render.installing import FOLDER as BENCH_FOLDER
from darkroom_graphics.unusable_picture import UnusablePicture
from darkroom_renderer.renderer import SVG_FONTS
from darkroom_renderer.svg_drawing import drawn_as_it_is, work
from darkroom_renderer.svg_requests import DrawingRequest
from darkroom_renderer.svg_safety import sanitised
from tools.errors import LocalError

PACKAGES: Final = Path(__file__).parent
FOLDER: Final = BENCH_FOLDER / "drawings"
WIDTH: Final = 128  # px

_SPACES: Final = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
_ROOT: Final = re.compile(r"<svg\b[^>]*>", re.DOTALL)
_SIZE: Final = re.compile(r"""\s(?:width|height)\s*=\s*("[^"]*"|'[^']*')""")


def run() -> None:
    """Compare all of them and print what differs."""
    seen: set[bytes] = set()
    alike, differing = 0, 0
    for name, data in _drawings(_installed()):
        digest = sha256(data).digest()
        if digest in seen:
            continue
        seen.add(digest)
        problem = _problem(data)
        alike += problem is None
        differing += problem is not None
        if problem:
            print(f"  {name}: {problem}", flush=True)
    print(f"{alike:,} of {alike + differing:,} drawings look the same to the byte")


def _installed() -> Path:
    """The folder of the packages; raises LocalError where they cannot be had."""
    if not shutil.which("npm"):
        raise LocalError("the drawings come from npm, and there is no Node.js here")
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copyfile(PACKAGES / name, FOLDER / name)
    command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    tried = subprocess.run(command, cwd=FOLDER, capture_output=True, text=True)
    if tried.returncode:
        raise LocalError(f"the drawings cannot be had: npm said {tried.stderr.strip()[-300:]}")
    return FOLDER / "node_modules"


def _drawings(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.rglob("*.svg")):
        yield str(path.relative_to(folder)), path.read_bytes()
    for path in sorted(folder.rglob("icons.json")):
        icons = json.loads(path.read_text())
        for name, icon in icons["icons"].items():
            width, height = (icon.get(side, icons.get(side, 16)) for side in ("width", "height"))
            box = f"{icon.get('left', 0)} {icon.get('top', 0)} {width} {height}"
            yield (
                f"{path.parent.name}/{name}",
                f'<svg {_SPACES} viewBox="{box}">{icon["body"]}</svg>'.encode(),
            )


def _problem(data: bytes) -> str | None:
    """In what a drawing differs, ``None`` if it does not."""
    fonts = tuple(map(str, SVG_FONTS))
    try:
        drawing = sanitised(data)
        cleaned = work(DrawingRequest(WIDTH, WIDTH / drawing.shape, "contain", fonts).as_bytes(data))
    except UnusablePicture as refused:
        return f"refused, it {refused}"
    try:
        raw = drawn_as_it_is(_sized(data.decode("utf-8-sig"), drawing.markup), WIDTH, fonts)
    except ValueError as problem:
        return f"drawn, and the engine alone says: {problem}"
    return None if raw == cleaned else "looks different"


def _sized(markup: str, cleaned: str) -> str:
    """The drawing at the size the cleaner gave it: the engine rounds sizes to whole px before it enlarges them."""
    sizes = "".join(match[0] for match in _SIZE.finditer(_root(cleaned)))
    root = _root(markup)
    return markup.replace(root, f"{_SIZE.sub('', root).rstrip('/>')}{sizes}{'/' * root.endswith('/>')}>", 1)


def _root(markup: str) -> str:
    match = _ROOT.search(markup)
    return match[0] if match else ""
