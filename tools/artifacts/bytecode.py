"""Bytecode that Python never checks against its source: a layer is read-only, and dates in a zip mean nothing."""

import compileall
from pathlib import Path
from py_compile import PycInvalidationMode

from tools.errors import LocalError


def write(folder: Path, deployed_as: str) -> None:
    """Compile every module under ``folder``, which Lambda will have at ``deployed_as``.

    Raises LocalError for a module that is not Python 3.13.
    """
    compiled = compileall.compile_dir(
        folder,
        maxlevels=64,
        quiet=1,
        force=True,
        invalidation_mode=PycInvalidationMode.UNCHECKED_HASH,
        stripdir=str(folder),
        prependdir=deployed_as,
    )
    if not compiled:
        raise LocalError(f"{folder} does not compile")
