"""What `sam build` made is small enough for AWS, which the local AWS does not check."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from elftools.elf.dynamic import DynamicSection
from elftools.elf.elffile import ELFFile

from local.emulator import package
from local.emulator.stack import Stack
from tools import lambda_runtime
from tools.build import ARCHITECTURE
from tools.paths import BUILD

LIMIT = 250 * 1024 * 1024  # what a function and its layers may be unpacked, all together
MARGIN = 0.95  # the other processor's wheels, and the next version of each, differ a little
# An API function starts cold in front of a waiting client.
API_LIMIT = 30 * 1024 * 1024
CALLBACKS_LIMIT = 40 * 1024 * 1024  # which has the vendors' contracts
BILLING_LIMIT = 60 * 1024 * 1024  # which has Stripe's client, and loads it when somebody buys


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


def test_every_function_unpacks_within_the_limit(
    template: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    sizes = _unpacked(template)
    with capsys.disabled():
        print("\nunpacked, with layers:")
        for name, size in sizes.items():
            print(f"  {name:<20}{size:>13,} of {LIMIT:,} bytes")
    assert sizes["WorkerSandboxFilms"] > 150 * 1024 * 1024, "the layers were not counted"
    assert {name: size for name, size in sizes.items() if size > LIMIT * MARGIN} == {}


def test_api_functions_stay_small(template: dict[str, Any]) -> None:
    sizes = _unpacked(template)
    limits = {name: API_LIMIT for name in sizes if name.startswith("Api")}
    limits |= {"ApiCallbacks": CALLBACKS_LIMIT, "ApiBilling": BILLING_LIMIT}
    assert {name: sizes[name] for name, limit in limits.items() if sizes[name] > limit} == {}


def test_codecs_and_painting_are_in_different_layers(template: dict[str, Any]) -> None:
    """A worker that only paints carries no codecs."""
    assert (BUILD / "AvLayer" / "python" / "av").is_dir()
    assert (BUILD / "GraphicsLayer" / "python" / "numpy").is_dir()
    assert not (BUILD / "GraphicsLayer" / "python" / "av").exists()
    assert not (BUILD / "AvLayer" / "python" / "numpy").exists()
    workers = [
        name
        for name in package.resource_names(template, "AWS::Serverless::Function")
        if len(_layers(template, name)) > 1
    ]
    assert {name: _layers(template, name)[1:] for name in workers} == {
        "ApiBilling": ["PaymentsLayer"],
        "ApiCallbacks": ["VendorsLayer"],
        "WorkerBilling": ["PaymentsLayer"],
        "WorkerRenderer": ["GraphicsLayer", "TypeLayer", "RendererLayer"],
        "WorkerSandbox": ["GraphicsLayer", "TypeLayer", "SandboxLayer"],
        "UploadsIngest": ["GraphicsLayer", "FontsLayer"],
        "WorkerSandboxFilms": ["GraphicsLayer", "AvLayer", "SandboxLayer"],
        "WorkerVendors": ["VendorsLayer", "GraphicsLayer"],
    }


def test_vendors_contracts_are_only_where_vendors_are_called_or_call(template: dict[str, Any]) -> None:
    functions = package.resource_names(template, "AWS::Serverless::Function")
    assert [name for name in functions if "VendorsLayer" in _layers(template, name)] == [
        "ApiCallbacks",
        "WorkerVendors",
    ]
    assert (BUILD / "VendorsLayer" / "python" / "nacl").is_dir()
    assert not (BUILD / "CoreLayer" / "python" / "nacl").exists()


def _artifacts(template: dict[str, Any]) -> list[str]:
    return [
        name
        for kind in ("AWS::Serverless::Function", "AWS::Serverless::LayerVersion")
        for name in package.resource_names(template, kind)
    ]


def test_every_module_has_bytecode_that_is_never_checked(template: dict[str, Any]) -> None:
    """A layer is read-only: what is not compiled in the build is compiled at every cold start."""
    bad, good = [], 0
    for source in (path for name in _artifacts(template) for path in (BUILD / name).rglob("*.py")):
        if _bytecode_is_valid(source):
            good += 1
        else:
            bad.append(str(source.relative_to(BUILD)))
    assert bad == []
    assert good > 1000, "the modules were not looked at"


def _bytecode_is_valid(source: Path) -> bool:
    compiled = Path(importlib.util.cache_from_source(str(source)))
    if not compiled.exists():
        return False
    header = compiled.read_bytes()[:16]
    unchecked_hash = (1).to_bytes(4, "little")
    return header == importlib.util.MAGIC_NUMBER + unchecked_hash + importlib.util.source_hash(
        source.read_bytes()
    )


def test_no_bytecode_lacks_its_module(template: dict[str, Any]) -> None:
    compiled = [path for name in _artifacts(template) for path in (BUILD / name).rglob("*.pyc")]
    assert [path for path in compiled if not Path(importlib.util.source_from_cache(str(path))).exists()] == []


def test_nothing_is_shipped_that_no_function_opens(template: dict[str, Any]) -> None:
    unwanted = {".pyi", ".typed", ".h", ".hpp", ".c", ".cpp", ".pyx", ".pxd", ".a", ".in"}
    folders = {"tests", "test", "include"}
    assert [
        str(path.relative_to(BUILD))
        for name in _artifacts(template)
        for path in (BUILD / name).rglob("*")
        if path.suffix in unwanted
        or (path.is_dir() and (path.name in folders or path.suffix == ".dist-info"))
        or path.name in {"Makefile", "requirements.txt"}
    ] == []


def test_a_function_holds_its_own_package_and_no_other_functions(template: dict[str, Any]) -> None:
    """Those it imports apart, which are few."""
    for name in package.resource_names(template, "AWS::Serverless::Function"):
        handler = template["Resources"][name]["Properties"]["Handler"]
        packages = {path.name for path in (BUILD / name).iterdir()}
        assert handler.partition(".")[0] in packages
        assert len(packages) <= 2, name


def test_every_library_is_for_this_processor_and_finds_those_it_came_with(template: dict[str, Any]) -> None:
    machine = "EM_AARCH64" if ARCHITECTURE == "arm64" else "EM_X86_64"
    needed: set[str] = set()
    present: set[str] = set()
    for path in (path for name in _artifacts(template) for path in (BUILD / name).rglob("*.so*")):
        with path.open("rb") as file:
            elf = ELFFile(file)
            assert elf["e_machine"] == machine, path
            dynamic = elf.get_section_by_name(".dynamic")
            assert isinstance(dynamic, DynamicSection)
            needed.update(getattr(tag, "needed", "") for tag in dynamic.iter_tags("DT_NEEDED"))
        present.add(path.name)
    vendored = {name for name in needed if re.search(r"-[0-9a-f]{8}\.", name)}  # as auditwheel names them
    assert vendored
    assert vendored - present == set()


def test_everything_built_imports_with_what_lambda_brings(template: dict[str, Any]) -> None:
    """What was left out is not missed: every module of ours loads from the built folders alone."""
    for name in package.resource_names(template, "AWS::Serverless::Function"):
        handler = template["Resources"][name]["Properties"]["Handler"].rpartition(".")[0]
        layers = [BUILD / layer / "python" for layer in _layers(template, name)]
        done = subprocess.run(
            [sys.executable, "-I", "-S", "-c", _IMPORT_ALL, handler, str(BUILD / name), *map(str, layers)],
            env={
                "RUNTIME": str(lambda_runtime.folder()),
                "ELSEWHERE": str(BUILD),
                "AWS_DEFAULT_REGION": "us-east-1",
            },
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, f"{name}: {done.stderr}"


_IMPORT_ALL = """
import importlib, os, pathlib, pkgutil, sys
handler, *folders = sys.argv[1:]
sys.path[:0] = [*folders, os.environ["RUNTIME"]]
importlib.import_module(handler)
packages = [module.name for module in pkgutil.iter_modules(folders[:1])]
packages += [module.name for module in pkgutil.iter_modules(folders) if module.name.startswith("darkroom_")]
for package in packages:
    found = importlib.import_module(package)
    for module in pkgutil.walk_packages(found.__path__, package + "."):
        try:
            importlib.import_module(module.name)
        except ModuleNotFoundError as missing:
            # A layer's module for another function may need another layer.
            if not list(pathlib.Path(os.environ["ELSEWHERE"]).glob(f"*Layer/python/{missing.name}")):
                raise
"""


def test_no_api_function_compiles_its_dataclasses_at_its_cold_start(template: dict[str, Any]) -> None:
    """The build recorded them. The few that need boto3 could not be loaded there."""
    apis = [
        name
        for name in package.resource_names(template, "AWS::Serverless::Function")
        if name.startswith("Api")
    ]
    assert len(apis) >= 7
    for name in apis:
        handler = template["Resources"][name]["Properties"]["Handler"].rpartition(".")[0]
        layers = [BUILD / layer / "python" for layer in _layers(template, name)]
        done = subprocess.run(
            [sys.executable, "-I", "-S", "-c", _COMPILED, handler, str(BUILD / name), *map(str, layers)],
            env={"RUNTIME": str(lambda_runtime.folder()), "AWS_DEFAULT_REGION": "us-east-1"},
            capture_output=True,
            text=True,
            check=True,
        )
        compiled, defined = map(int, done.stdout.split())
        assert defined > 10, name
        assert compiled < 10, name


_COMPILED = """
import importlib, os, sys
handler, *folders = sys.argv[1:]
sys.path[:0] = [*folders, os.environ["RUNTIME"]]
compiled = []

def hear(event, arguments):
    if event == "compile" and "def __create_fn__" in str(arguments[0]):
        compiled.append(arguments[0])

sys.addaudithook(hear)
importlib.import_module(handler)
defined = {
    id(value)
    for module in list(sys.modules.values())
    for value in vars(module).values()
    if isinstance(value, type) and "__dataclass_fields__" in vars(value)
}
print(len(compiled), len(defined))
"""
