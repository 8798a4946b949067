"""What the stand-ins promise: skia finds all it is linked to, on any Linux, and paints the same picture."""

import ast
import ctypes
import fnmatch
import json
import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from elftools.elf.elffile import ELFFile

from darkroom_graphics.native.loading import FOLDER, SONAMES, load
from darkroom_sandbox.brief import Brief
from darkroom_sandbox.painter import paint
from tools.native import PROCESSORS, missing_symbols, skia_libraries, symbols
from tools.paths import ROOT

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere skia is linked to none of this")

LAYERS = ":".join(str(ROOT / "layers" / layer) for layer in ("core", "graphics", "type", "sandbox"))
STAND_INS = [FOLDER / processor / soname for processor in PROCESSORS for soname in SONAMES]
MACHINES = {"aarch64": "EM_AARCH64", "x86_64": "EM_X86_64"}
LEFT_OUT_BY_SAM_BUILD = ("*.so", "*.pyc", "*.egg")

# Run by a Python of its own, in which nothing has loaded the real libraries yet.
WITHOUT_THE_REAL_ONES = """
import hashlib, json
from pathlib import Path
from darkroom_graphics.native.loading import load

def missing(name):
    raise OSError(name)

loaded = load(missing)
from darkroom_sandbox.brief import Brief
from darkroom_sandbox.painter import paint
from darkroom_graphics.skia_api import skia
picture = paint(Brief("a cat in tokyo", "7", size=(128, 128), caption="hi")).data
print(json.dumps({
    "loaded": loaded,
    "again": load(),
    "picture": hashlib.sha256(picture).hexdigest(),
    "gl": skia.GrDirectContext.MakeGL() is not None,
    "mapped": sorted({line.split(maxsplit=5)[-1] for line in Path("/proc/self/maps").read_text().splitlines()}),
}))
"""


def id_of(library: Path) -> str:
    return f"{library.parent.name}-{library.name}"


def needed(library: Path) -> set[str]:
    with library.open("rb") as file:
        dynamic: Any = ELFFile(file).get_section_by_name(".dynamic")
        return {tag.needed for tag in dynamic.iter_tags("DT_NEEDED")}


@pytest.mark.parametrize("library", STAND_INS, ids=id_of)
def test_a_stand_in_has_exactly_the_functions_skia_expects_of_the_library(library: Path) -> None:
    # When this fails after an upgrade of skia-python: see local/native.py.
    assert symbols(library, defined=True) == set(missing_symbols()[library.name])


@pytest.mark.parametrize("processor", PROCESSORS)
def test_nothing_skia_needs_is_left_without_an_owner(processor: str) -> None:
    libraries = skia_libraries()
    expected = {name for library in libraries for name in symbols(library, defined=False)}
    owned = {name for library in libraries for name in symbols(library, defined=True)}
    owned |= {name for soname in SONAMES for name in symbols(FOLDER / processor / soname, defined=True)}
    system = [ctypes.pythonapi] + [
        ctypes.CDLL(soname)
        for soname in sorted(set().union(*map(needed, libraries)))
        if soname.startswith(
            ("libc.", "libm.", "libz.", "libstdc++.", "libgcc_s.", "libpthread.", "ld-linux")
        )
    ]
    assert not {name for name in expected - owned if not any(hasattr(library, name) for library in system)}


@pytest.mark.parametrize("library", STAND_INS, ids=id_of)
def test_a_stand_in_is_for_its_processor_has_the_name_and_needs_nothing(library: Path) -> None:
    with library.open("rb") as file:
        elf = ELFFile(file)
        dynamic: Any = elf.get_section_by_name(".dynamic")
        assert (elf["e_type"], elf["e_machine"]) == ("ET_DYN", MACHINES[library.parent.name])
        assert [tag.soname for tag in dynamic.iter_tags("DT_SONAME")] == [library.name]
    assert not needed(library)
    assert not symbols(library, defined=False)


@pytest.mark.parametrize("library", STAND_INS, ids=id_of)
def test_sam_build_takes_a_stand_in_along(library: Path) -> None:
    assert not any(fnmatch.fnmatch(library.name, pattern) for pattern in LEFT_OUT_BY_SAM_BUILD)


def test_skia_is_linked_to_every_library_there_is_a_stand_in_for() -> None:
    assert set().union(*map(needed, skia_libraries())) >= set(SONAMES)


def test_real_libraries_are_preferred() -> None:
    tried: list[str] = []
    assert load(tried.append) == []
    assert tried == list(SONAMES)


def test_without_the_real_libraries_skia_paints_the_same_picture() -> None:
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_THE_REAL_ONES],
        env={"PYTHONPATH": LAYERS, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    report = json.loads(done.stdout)
    assert report["loaded"] == list(SONAMES)
    assert report["again"] == []
    assert not report["gl"]
    here = paint(Brief("a cat in tokyo", "7", size=(128, 128), caption="hi")).data
    assert report["picture"] == sha256(here).hexdigest()
    graphics = [Path(path) for path in report["mapped"] if Path(path).name.startswith(("libGL", "libEGL"))]
    assert {path.name for path in graphics} == {"libGL.so.1", "libEGL.so.1"}
    assert {path.parent.parent for path in graphics} == {FOLDER}


def test_only_one_module_imports_skia() -> None:
    root = ROOT / "layers"
    importing = set()
    for path in root.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            named = isinstance(node, ast.Constant) and node.value == "skia"
            directly = isinstance(node, ast.Import) and any(alias.name == "skia" for alias in node.names)
            partly = isinstance(node, ast.ImportFrom) and node.module == "skia"
            if named or directly or partly:
                importing.add(path.relative_to(root).as_posix())
    assert importing == {"graphics/darkroom_graphics/skia_api.py"}
