"""One artifact: a layer is its wheels and its packages, a function its package and those that one imports."""

import os
import re
import shutil
from pathlib import Path

from tools.artifacts import bytecode, generated_methods, imports, pruning, wheels
from tools.errors import LocalError
from tools.paths import ROOT

FUNCTIONS = ROOT / "functions"
LAYERS = ROOT / "layers"

# Where Lambda unpacks them: tracebacks name these paths.
_FUNCTION_PATH = "/var/task"
_LAYER_PATH = "/opt/python"


def assemble(logical_id: str, architecture: str, folder: Path) -> None:
    """Fill ``folder`` with what the template's function or layer ``logical_id`` is deployed as.

    ``architecture`` is Lambda's word for the processor a layer's wheels are for. Raises LocalError.
    """
    name = _snake_case(logical_id)
    if name.endswith("_layer"):
        _layer(LAYERS / name.removesuffix("_layer"), architecture, folder / "python")
    else:
        _function(name, folder)


def _layer(source: Path, architecture: str, folder: Path) -> None:
    if not source.is_dir():
        raise LocalError(f"no layer is called {source.name}")
    lock = source / "requirements.txt"
    if lock.exists():
        _link(wheels.installed(lock, architecture, compiled_for=_LAYER_PATH), folder)
    foreign = [machine for name, machine in wheels.MACHINES.items() if name != architecture]
    for package in sorted(path.parent for path in source.glob("*/__init__.py")):
        _copy(package, folder / package.name, *foreign)
        bytecode.write(folder / package.name, f"{_LAYER_PATH}/{package.name}")
    if source == LAYERS / "core":
        _record_methods(source, folder / "darkroom" / "generated_methods.bin")


def _record_methods(core: Path, file: Path) -> None:
    """Load the core with the wheels of this machine's processor, whichever the layer is for."""
    here = wheels.installed(core / "requirements.txt", wheels.here(), compiled_for=_LAYER_PATH)
    generated_methods.write(file, FUNCTIONS, core, here)


def _function(name: str, folder: Path) -> None:
    for package in imports.closure(FUNCTIONS, _package(name)):
        _copy(FUNCTIONS / package, folder / package)
        bytecode.write(folder / package, f"{_FUNCTION_PATH}/{package}")


def _package(name: str) -> str:
    """The package a function is made of: of its own name, or of the beginning of it where several share one."""
    words = name.split("_")
    for count in range(len(words), 0, -1):
        package = "_".join(words[:count])
        if (FUNCTIONS / package / "__init__.py").exists():
            return package
    raise LocalError(f"no package in functions/ is called {name}")


def _snake_case(logical_id: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", logical_id).lower()


def _copy(source: Path, target: Path, *without: str) -> None:
    """Copy a package, less what no function opens and the folders called ``without``."""
    unwanted = shutil.ignore_patterns(*without)
    shutil.copytree(
        source,
        target,
        ignore=lambda folder, names: pruning.ignored(folder, names) | unwanted(folder, names),
        dirs_exist_ok=True,
    )


def _link(source: Path, target: Path) -> None:
    """Copy a tree nobody writes to, without copying bytes where the file system can."""
    shutil.copytree(source, target, copy_function=_link_file, dirs_exist_ok=True)


def _link_file(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
