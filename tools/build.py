"""`sam build`, when the sources changed."""

import os
import platform
import subprocess
from pathlib import Path

from local.emulator.locking import locked
from tools import fingerprint
from tools.errors import LocalError
from tools.paths import BUILD, LOCAL, ROOT, TOOLS
from tools.report import step

# The emulator runs the functions on this machine, so the layers' wheels must be for it.
ARCHITECTURE = "arm64" if platform.machine() in {"arm64", "aarch64"} else "x86_64"

_SOURCES = ("template.yaml", "infra", "layers", "functions", "requirements/tools.txt", "tools/artifacts")
_STAMP = LOCAL / "build.stamp"
_LOG = LOCAL / "build.log"


def build() -> str:
    """Build layers and functions if anything changed and return the build's fingerprint.

    The stack of `make up` and the one the end-to-end tests start share the result. Raises LocalError.
    """
    with locked(LOCAL / "build.lock", wait=True, what="building"):
        current = sources_fingerprint()
        if _is_current(current):
            return current
        _STAMP.unlink(missing_ok=True)
        with step("building the layers and functions"):
            _run_sam()
        _STAMP.write_text(current)
        return current


def sources_fingerprint() -> str:
    """The fingerprint of a build from the present sources."""
    files = fingerprint.of_files([ROOT / source for source in _SOURCES], root=ROOT)
    return fingerprint.of_text(files, str(ROOT))


def _is_current(current: str) -> bool:
    return (BUILD / "template.yaml").exists() and _STAMP.exists() and _STAMP.read_text() == current


def _run_sam() -> None:
    environment = {**os.environ, "SAM_CLI_TELEMETRY": "0"}
    environment.pop("PYTHONPATH", None)
    sam = TOOLS / "bin" / "sam"
    if not sam.exists():
        raise LocalError("the tools are not installed; run `make setup`")
    with _LOG.open("w") as log:
        code = subprocess.run(
            [
                str(sam),
                "build",
                "--parameter-overrides",
                f"Architecture={ARCHITECTURE}",
            ],
            cwd=ROOT,
            env=environment,
            stdout=log,
            stderr=log,
        ).returncode
    if code:
        raise LocalError(f"`sam build` failed: {_reason(_LOG)} (the whole log: {_LOG.relative_to(ROOT)})")


def _reason(log: Path) -> str:
    lines = [line.strip() for line in log.read_text(errors="replace").splitlines() if line.strip()]
    telling = [line for line in lines if line.startswith("Error") or "Build Failed" in line]
    return (telling or lines or ["no output"])[-1]
