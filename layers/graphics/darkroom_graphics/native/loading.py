"""Makes ``import skia`` work where the system has no OpenGL, EGL or expat.

The Linux wheel is linked to all three; Lambda and a slim machine lack them. Everything is drawn on the CPU
with fonts of our own, so where a library is missing a stand-in takes its name: the same symbols, each a
function that returns 0. With it no GL context can be made and fontconfig finds no configuration.
"""

import platform
from collections.abc import Callable
from ctypes import CDLL
from importlib import import_module
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parent
SONAMES: Final = ("libGL.so.1", "libEGL.so.1", "libexpat.so.1")


def load(real: Callable[[str], object] = CDLL) -> list[str]:
    """Loads what of ``SONAMES`` can be loaded and stand-ins for the rest, and names the rest.

    The dynamic linker takes a loaded library for every later one of its name, so this must come before skia,
    and coming twice does no harm. ``real`` loads a library by name or raises OSError. Raises OSError where
    there is no stand-in for this processor.
    """
    if platform.system() != "Linux":
        return []
    # Some Pythons bring an expat only pyexpat finds. It must have the name before a stand-in could take it.
    import_module("pyexpat")
    return [soname for soname in SONAMES if _stands_in(soname, real)]


def _stands_in(soname: str, real: Callable[[str], object]) -> bool:
    try:
        real(soname)
    except OSError:
        # Not RTLD_GLOBAL: skia finds it by its name, and nothing else shall find its symbols.
        CDLL(str(FOLDER / platform.machine() / soname))
        return True
    return False
