"""A lock file's wheels for Lambda's processor, whatever machine this is: installed, pruned, compiled, and kept.

What is kept is named by all it was made from, so that `sam build` installs again only after a lock changed.
"""

import hashlib
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tools.artifacts import bytecode, pruning
from tools.errors import LocalError
from tools.paths import ROOT

KEPT = ROOT / ".aws-sam" / "wheels"

# Lambda's python3.13 runs on Amazon Linux 2023, whose glibc is 2.34.
_GLIBC_MINORS = range(34, 16, -1)
# Lambda's word for a processor → the kernel's, which wheels and folders use.
MACHINES = {"x86_64": "x86_64", "arm64": "aarch64"}


def installed(lock: Path, architecture: str, *, compiled_for: str) -> Path:
    """A folder with what ``lock`` names for ``architecture``; nobody may write to it.

    ``compiled_for`` is where it will be on Lambda. Raises LocalError.
    """
    if architecture not in MACHINES:
        raise LocalError(f"Lambda has no processor {architecture}; there are {', '.join(MACHINES)}")
    prefix = f"{lock.parent.name}-{architecture}-"
    folder = KEPT / (prefix + _fingerprint(lock, compiled_for))
    if not folder.exists():
        KEPT.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=KEPT, prefix="making-") as made:
            target = Path(made, "python")
            _install(lock, architecture, target)
            pruning.prune(target)
            bytecode.write(target, compiled_for)
            _keep(target, folder, prefix)
    return folder


def here() -> str:
    """Lambda's word for the processor of this machine."""
    return "arm64" if platform.machine().lower() in ("arm64", "aarch64") else "x86_64"


def _keep(made: Path, folder: Path, prefix: str) -> None:
    for older in KEPT.glob(f"{prefix}*"):
        shutil.rmtree(older)
    made.rename(folder)


def _fingerprint(lock: Path, compiled_for: str) -> str:
    """Of the lock, of the interpreter that compiles and of the code that prunes."""
    recipe = b"".join(path.read_bytes() for path in sorted(Path(__file__).parent.glob("*.py")))
    parts = (lock.read_bytes(), sys.version.encode(), compiled_for.encode(), recipe)
    return hashlib.sha256(b"\0".join(parts)).hexdigest()[:16]


def _install(lock: Path, architecture: str, target: Path) -> None:
    command = [
        *(sys.executable, "-m", "pip", "--disable-pip-version-check", "install", "--quiet"),
        *(
            "--target",
            str(target),
            "--requirement",
            str(lock),
            "--no-deps",
            "--no-compile",
            "--require-hashes",
        ),
        *("--only-binary", ":all:", "--implementation", "cp", "--python-version", "3.13"),
        *(part for tag in _platforms(architecture) for part in ("--platform", tag)),
    ]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=ROOT)
    if done.returncode:
        lines = [line for line in done.stderr.splitlines() if line.startswith("ERROR")] or ["no reason given"]
        raise LocalError(f"pip could not install {lock.relative_to(ROOT)} for {architecture}: {lines[-1]}")


def _platforms(architecture: str) -> list[str]:
    machine = MACHINES[architecture]
    return [*(f"manylinux_2_{minor}_{machine}" for minor in _GLIBC_MINORS), f"manylinux2014_{machine}"]
