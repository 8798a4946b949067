"""The build records what ``dataclasses`` writes, from a core and functions as they lie in a checkout."""

from __future__ import annotations

from pathlib import Path

import pytest

from darkroom.generated_methods import unpacked
from tools.artifacts import generated_methods
from tools.errors import LocalError
from tools.paths import ROOT

POINT = "from dataclasses import dataclass\n@dataclass(frozen=True)\nclass Point:\n    x: int\n"


@pytest.fixture
def core(tmp_path: Path) -> Path:
    """A core with nothing in it but what records need."""
    package = tmp_path / "core" / "darkroom"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    source = ROOT / "layers/core/darkroom/generated_methods.py"
    (package / "generated_methods.py").write_text(source.read_text())
    return tmp_path / "core"


def recorded(core: Path) -> dict[str, bytes]:
    functions = core.parent / "functions"
    functions.mkdir(exist_ok=True)
    generated_methods.write(core.parent / "record", functions, core)
    return unpacked((core.parent / "record").read_bytes())


def test_each_class_is_recorded_once(core: Path) -> None:
    (core / "darkroom" / "points.py").write_text(POINT)
    (core / "darkroom" / "same_points.py").write_text(POINT)
    (text,) = recorded(core)
    assert "__init__(self,x" in text


def test_functions_are_recorded_too(core: Path) -> None:
    api = core.parent / "functions" / "api_points"
    api.mkdir(parents=True)
    (api / "__init__.py").touch()
    (api / "app.py").write_text(POINT)
    assert len(recorded(core)) == 1


def test_a_module_that_lacks_a_library_is_left_out(core: Path) -> None:
    (core / "darkroom" / "far.py").write_text("import a_library_for_lambda_alone\n" + POINT)
    assert recorded(core) == {}


def test_a_module_that_fails_is_an_error(core: Path) -> None:
    (core / "darkroom" / "broken.py").write_text("1 / 0\n")
    with pytest.raises(LocalError, match="does not load: ZeroDivisionError"):
        recorded(core)
