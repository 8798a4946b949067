"""Records the methods that ``dataclasses`` writes for our classes, so that no cold start compiles them.

The modules of the core and of the API functions are loaded in an interpreter of their own that sees the layer's
wheels, and every text that `dataclasses` executes there is kept with its code. What cannot be loaded here, such as a
wheel for Linux on another system, is compiled at the cold start as it would be without this.
"""

import subprocess
import sys
from pathlib import Path

from tools.errors import LocalError

_RECORDING = """
import builtins, dataclasses, importlib, marshal, pathlib, pkgutil, sys
out, functions, *path = sys.argv[1:]
sys.path[:0] = [functions, *path]
codes = {}

def execute(text, *namespaces):
    if text not in codes:
        codes[text] = marshal.dumps(compile(text, "<string>", "exec"))
    builtins.exec(text, *namespaces)

dataclasses.exec = execute
import darkroom
from darkroom.generated_methods import packed

core = [module.name for module in pkgutil.walk_packages(darkroom.__path__, "darkroom.")]
apis = [f"{folder.name}.app" for folder in pathlib.Path(functions).glob("api_*")]
for module in sorted(core) + sorted(apis):
    try:
        importlib.import_module(module)
    except ImportError:
        pass  # as the modules that need boto3, which Lambda brings
pathlib.Path(out).write_bytes(packed(codes))
"""


def write(file: Path, functions: Path, *path: Path) -> None:
    """Record into ``file`` what the folders in ``path`` and ``functions`` define.

    Raises LocalError if a module fails for another reason than a missing one.
    """
    command = [sys.executable, "-I", "-S", "-B", "-c", _RECORDING, str(file), str(functions), *map(str, path)]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise LocalError(f"the core does not load: {(done.stderr.splitlines() or ['no reason given'])[-1]}")
