"""What Lambda's own python3.13 brings to a function: boto3 and what that needs, and nothing else of a machine's."""

import importlib
import shutil
from pathlib import Path

from tools.artifacts import bytecode
from tools.paths import LOCAL

_PACKAGES = ("boto3", "botocore", "s3transfer", "jmespath", "dateutil", "urllib3")
_MODULES = ("six",)
_PATH = "/var/lang/lib/python3.13/site-packages"


def folder() -> Path:
    """A folder with the versions this environment has, compiled as our artifacts are."""
    runtime = LOCAL / "lambda-runtime"
    stamp = runtime / importlib.import_module("botocore").__version__
    if not stamp.exists():
        shutil.rmtree(runtime, ignore_errors=True)
        for name in _PACKAGES:
            package = Path(str(importlib.import_module(name).__file__)).parent
            shutil.copytree(package, runtime / name, ignore=shutil.ignore_patterns("__pycache__"))
        for name in _MODULES:
            shutil.copy2(str(importlib.import_module(name).__file__), runtime)
        bytecode.write(runtime, _PATH)
        stamp.touch()
    return runtime
