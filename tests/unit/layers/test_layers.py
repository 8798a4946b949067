"""Each worker can do all its work with its own layers."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.unit.layers.running import CONTENTS, LAYERS_OF, OtherLayers, package_of
from tests.unit.template.source import resources
from tools.paths import ROOT

SOURCES = [ROOT / "layers" / layer for layer in ("core", *CONTENTS)]


@pytest.mark.parametrize("worker", LAYERS_OF)
def test_the_template_gives_a_worker_its_layers(worker: str) -> None:
    functions = resources("AWS::Serverless::Function")
    properties = next(
        each for each in functions.values() if each["Handler"] == f"{package_of(worker)}.app.handler"
    )
    layers = {layer["Ref"].removesuffix("Layer").lower() for layer in properties["Layers"]}
    assert layers == LAYERS_OF[worker]


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """A Python of its own, which has loaded nothing yet."""
    paths = ":".join(str(path) for path in (*SOURCES, ROOT / "functions", ROOT))
    return subprocess.run(
        [sys.executable, *arguments], env={"PYTHONPATH": paths}, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("worker", LAYERS_OF)
def test_a_worker_needs_no_other_layer_than_its_own(worker: str) -> None:
    done = run("-m", "tests.unit.layers.running", worker)
    assert done.returncode == 0, done.stderr[-2000:]


@pytest.mark.parametrize("worker", LAYERS_OF)
def test_what_is_in_another_layer_cannot_be_imported(worker: str) -> None:
    others = sorted(OtherLayers(worker).packages)
    script = (
        "import importlib, sys; from tests.unit.layers.running import OtherLayers\n"
        f"sys.meta_path.insert(0, OtherLayers({worker!r}))\n"
        f"for name in {others}:\n"
        "    try: importlib.import_module(name)\n"
        "    except ImportError as error: assert 'does not have' in str(error)\n"
        "    else: raise AssertionError(name)\n"
    )
    done = run("-c", script)
    assert done.returncode == 0, done.stderr[-2000:]
