"""What decodes strangers' bytes is loaded in processes without credentials, and in no function."""

from __future__ import annotations

import ast

import pytest

from tests.unit.test_architecture import FUNCTIONS, MODULES, imported

# Skia's ways from a file's bytes to a picture or a drawing.
SKIA = {
    *("Codec", "AndroidCodec", "ImageGenerator", "SVGDOM", "MakeFromEncoded", "DecodeToRaster"),
    *("DecodeToTexture", "DeferredFromEncodedData", "MakeFromStream"),
}
LIBRARIES = ("resvg_py", "xml.parsers", "xml.etree", "xml.dom", "lxml", "PIL", "cv2", "imageio")
ENTRIES = sorted(path.parent.name for path in FUNCTIONS.glob("*/app.py"))


def calls(module: str) -> list[ast.Call]:
    tree = ast.parse(MODULES[module].read_text())
    return [node for node in ast.walk(tree) if isinstance(node, ast.Call)]


def reads(call: ast.Call) -> bool:
    """Whether it opens a film's or sound's file, or a picture's; one that is opened with "w" is our own."""
    if ast.unparse(call.func) == "av.open":
        return [ast.unparse(argument) for argument in call.args[1:2]] != ["'w'"]
    return ast.unparse(call.func) in {"skia.Image.open", "Image.open"}


def decodes(module: str) -> bool:
    if any(name.startswith(LIBRARIES) for name in imported(MODULES[module])):
        return True
    nodes = ast.walk(ast.parse(MODULES[module].read_text()))
    names = {node.attr for node in nodes if isinstance(node, ast.Attribute)}
    return bool(names & SKIA) or any(map(reads, calls(module)))


def apart() -> set[str]:
    """The modules that processes without credentials are started for."""
    return {
        ast.literal_eval(call.args[0])
        for module in MODULES
        for call in calls(module)
        if ast.unparse(call.func) == "IsolatedProcess"
    }


def loads(module: str) -> set[str]:
    """The modules that one brings with it, at once or when they are needed."""
    found, open_ones = {module}, [module]
    while open_ones:
        for name in imported(MODULES[open_ones.pop()]):
            for part in (name, name.rpartition(".")[0]):
                if part in MODULES and part not in found:
                    found.add(part)
                    open_ones.append(part)
    return found


DECODERS = {module for module in MODULES if decodes(module)}


def test_these_decode() -> None:
    assert {
        "darkroom_graphics.decoding",
        "darkroom_renderer.svg_drawing",
        "darkroom_renderer.svg_safety",
        "darkroom_sandbox.films.sound_work",
    } == DECODERS


def test_every_one_of_them_is_used_apart() -> None:
    assert set().union(*map(loads, apart())) >= DECODERS
    assert apart() == {
        "darkroom_fonts.judging",
        "darkroom_graphics.decoding_work",
        "darkroom_graphics.inspection",
        "darkroom_renderer.svg_drawing",
        "darkroom_sandbox.films.sound_work",
    }


@pytest.mark.parametrize("function", ENTRIES)
def test_no_function_loads_one(function: str) -> None:
    assert not loads(f"{function}.app") & (DECODERS | apart())
