"""What `sam build` is given for each function and layer."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest
import yaml

from tools.artifacts import assembling, bytecode, imports, pruning
from tools.errors import LocalError
from tools.paths import ROOT

UNCHECKED_HASH = (1).to_bytes(4, "little")


def write(path: Path, text: str = "") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_bytecode_is_never_checked_against_its_source(tmp_path: Path) -> None:
    source = write(tmp_path / "package" / "module.py", "answer = 1\n")
    bytecode.write(tmp_path / "package", "/opt/python/package")
    compiled = Path(importlib.util.cache_from_source(str(source))).read_bytes()
    assert compiled[:4] == importlib.util.MAGIC_NUMBER
    assert compiled[4:8] == UNCHECKED_HASH
    assert compiled[8:16] == importlib.util.source_hash(source.read_bytes())
    assert b"/opt/python/package/module.py" in compiled
    assert str(tmp_path).encode() not in compiled


def test_a_module_that_does_not_compile_is_an_error(tmp_path: Path) -> None:
    write(tmp_path / "module.py", "def\n")
    with pytest.raises(LocalError, match="does not compile"):
        bytecode.write(tmp_path, "/opt/python")


def test_wheels_lose_what_no_function_opens(tmp_path: Path) -> None:
    kept = {"wheel/__init__.py", "wheel/data/table.json", "wheel/core.so", "wheel/testing.py"}
    lost = {
        "wheel/__init__.pyi",
        "wheel/py.typed",
        "wheel/core.h",
        "wheel/core.pyx",
        "wheel/include/api.txt",
        "wheel/tests/test_core.py",
        "wheel/sub/tests/data/big.bin",
        "wheel-1.0.dist-info/METADATA",
        "bin/wheel",
        "numpy/f2py/__init__.py",
    }
    for name in kept | lost:
        write(tmp_path / name)
    pruning.prune(tmp_path)
    assert files(tmp_path) == kept


def test_a_function_is_its_package_and_what_that_imports(tmp_path: Path) -> None:
    write(tmp_path / "api" / "__init__.py")
    write(tmp_path / "api" / "routes" / "jobs.py", "def route():\n    from presenters.jobs import view\n")
    write(tmp_path / "presenters" / "__init__.py", "import json, words.common\nfrom . import jobs\n")
    write(tmp_path / "words" / "common.py")
    write(tmp_path / "worker" / "__init__.py", "import api\n")
    assert imports.closure(tmp_path, "api") == ["api", "presenters", "words"]


def test_a_function_is_called_after_its_package_or_begins_like_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "worker_renderer" / "__init__.py")
    monkeypatch.setattr(assembling, "FUNCTIONS", tmp_path)
    for logical_id in ("WorkerRenderer", "WorkerRendererBulk"):
        assembling.assemble(logical_id, "any", tmp_path / logical_id)
        assert "worker_renderer/__init__.py" in files(tmp_path / logical_id)
    with pytest.raises(LocalError, match="worker_films"):
        assembling.assemble("WorkerFilms", "any", tmp_path / "WorkerFilms")


def test_a_layer_holds_no_other_processors_libraries(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "codecs" / "requirements.in")
    write(tmp_path / "codecs" / "codecs" / "__init__.py")
    for machine in ("aarch64", "x86_64"):
        write(tmp_path / "codecs" / "codecs" / "native" / machine / "lib.so.1")
    monkeypatch.setattr(assembling, "LAYERS", tmp_path)
    assembling.assemble("CodecsLayer", "arm64", tmp_path / "out")
    built = files(tmp_path / "out")
    assert "python/codecs/native/aarch64/lib.so.1" in built
    assert "python/codecs/native/x86_64/lib.so.1" not in built
    assert "python/requirements.in" not in built
    with pytest.raises(LocalError, match="nowhere"):
        assembling.assemble("NowhereLayer", "arm64", tmp_path / "none")


class _Loader(yaml.SafeLoader):
    """YAML with CloudFormation's short forms, which do not matter here."""


_Loader.add_multi_constructor("!", lambda _, suffix, node: f"!{suffix} {node.value}")


def test_the_template_builds_every_function_and_layer_this_way() -> None:
    resources = yaml.load((ROOT / "template.yaml").read_text(), _Loader)["Resources"]  # noqa: S506
    for name, resource in resources.items():
        if resource["Type"] == "AWS::Serverless::Function":
            assert resource.get("Metadata", {}).get("BuildMethod") == "makefile", name
        if resource["Type"] == "AWS::Serverless::LayerVersion":
            assert resource["Metadata"] == {
                "BuildMethod": "makefile",
                "BuildArchitecture": "!Ref Architecture",
                "ContextPath": "!Sub tools/artifacts/${Architecture}",
            }, name
    for architecture in ("arm64", "x86_64"):
        assert architecture in (ROOT / "tools" / "artifacts" / architecture / "Makefile").read_text()
