"""What `sam build` made is small enough for AWS, which the local AWS does not check."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from local.emulator import package
from local.emulator.stack import Stack
from tools.paths import BUILD

LIMIT = 250 * 1024 * 1024  # what a function and its layers may be unpacked, all together
MARGIN = 0.95  # the other processor's wheels, and the next version of each, differ a little
# An API function starts cold in front of a waiting client.
API_LIMIT = 30 * 1024 * 1024


@pytest.fixture(scope="module")
def template(stack: Stack) -> dict[str, Any]:
    """The built template; the stack is up, so the build is there and is this source's."""
    assert stack.outputs()
    return package.load()


def _bytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _layers(template: dict[str, Any], function: str) -> list[str]:
    shared = template["Globals"]["Function"]["Layers"]
    return [
        layer["Ref"] for layer in (*shared, *template["Resources"][function]["Properties"].get("Layers", ()))
    ]


def _unpacked(template: dict[str, Any]) -> dict[str, int]:
    functions = package.resource_names(template, "AWS::Serverless::Function")
    layers = package.resource_names(template, "AWS::Serverless::LayerVersion")
    sizes = {name: _bytes(BUILD / name) for name in (*functions, *layers)}
    return {name: sizes[name] + sum(sizes[layer] for layer in _layers(template, name)) for name in functions}


def test_every_function_unpacks_within_the_limit(template: dict[str, Any]) -> None:
    sizes = _unpacked(template)
    assert sizes["WorkerSandboxFilms"] > 150 * 1024 * 1024, "the layers were not counted"
    assert {name: size for name, size in sizes.items() if size > LIMIT * MARGIN} == {}


def test_api_functions_stay_small(template: dict[str, Any]) -> None:
    sizes = _unpacked(template)
    assert {name: size for name, size in sizes.items() if name.startswith("Api") and size > API_LIMIT} == {}


def test_codecs_and_painting_are_in_different_layers(template: dict[str, Any]) -> None:
    """A worker that only paints carries no codecs."""
    assert not (BUILD / "MediaLayer" / "python" / "av").exists()
    assert not (BUILD / "VideoLayer" / "python" / "numpy").exists()
    assert _layers(template, "WorkerRenderer") == [
        "CoreLayer",
        "GraphicsLayer",
        "TypeLayer",
        "RendererLayer",
        "SandboxLayer",
    ]
    assert _layers(template, "WorkerSandboxFilms") == [
        "CoreLayer",
        "GraphicsLayer",
        "AvLayer",
        "SandboxLayer",
    ]


def test_asymmetric_signatures_are_only_where_callbacks_arrive(template: dict[str, Any]) -> None:
    functions = package.resource_names(template, "AWS::Serverless::Function")
    assert [name for name in functions if "CryptoLayer" in _layers(template, name)] == ["ApiCallbacks"]
    assert (BUILD / "CryptoLayer" / "python" / "nacl").is_dir()
    assert not (BUILD / "CoreLayer" / "python" / "nacl").exists()
