"""What wheels and sources bring along and no function ever opens."""

import shutil
from pathlib import Path

# Nothing that runs on Lambda asks importlib.metadata about a distribution, so what describes one goes too.
_FOLDERS = ("__pycache__", "tests", "test", "include", "bin", "*.dist-info")
_FILES = (
    *("py.typed", "*.pyi", "*.pyc"),
    *("*.pyx", "*.pxd", "*.pxi", "*.c", "*.cc", "*.cpp", "*.h", "*.hpp", "*.inc", "*.f", "*.f90"),
    *("*.a", "*.lib", "*.cmake", "*.pc", "*.ini.in", "meson.build"),
)

# Parts of wheels by path, which the workers have no use for and which would cost them their room.
_PARTS = (
    "numpy/f2py",  # compiles Fortran
    "pybind11",  # compiles skia-python
    "stripe/params",  # the types of arguments
)

ignored = shutil.ignore_patterns(*_FOLDERS, *_FILES)


def prune(folder: Path) -> None:
    """Delete it from a folder of installed wheels."""
    for part in _PARTS:
        for path in folder.glob(part):
            _delete(path)
    for parent, folders, files in folder.walk():
        doomed = ignored(str(parent), [*folders, *files])
        for name in doomed:
            _delete(parent / name)
        folders[:] = sorted(set(folders) - doomed)


def _delete(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()
