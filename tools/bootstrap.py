"""Makes the two virtual environments, when their lock files changed.

Runs before anything is installed, so it imports only the standard library.
The tools (the local AWS, the SAM CLI) live apart from the project: they pin their own botocore.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCAL = ROOT / ".local"
SOURCES = (
    "layers/core",
    "layers/vendors",
    "layers/payments",
    "layers/graphics",
    "layers/type",
    "layers/renderer",
    "layers/fonts",
    "layers/sandbox",
    "functions",
)


@dataclass(frozen=True)
class Environment:
    """One virtual environment, the lock file of what is in it, and whether it sees the project's code."""

    folder: Path
    lock: Path
    sees_sources: bool

    @property
    def stamp(self) -> Path:
        """The file that is written last, so that a half-made environment is never taken for a whole one."""
        return self.folder / ".installed"

    def fingerprint(self) -> str:
        """The hash of the lock, the interpreter, the folder (scripts hold its path) and the sources."""
        text = "\n".join([self.lock.read_text(), sys.version, sys.base_prefix, str(self.folder), *SOURCES])
        return hashlib.sha256(text.encode()).hexdigest()

    def is_current(self) -> bool:
        """Whether the environment can be used as it is."""
        return self.stamp.exists() and self.stamp.read_text() == self.fingerprint()


ENVIRONMENTS = (
    Environment(LOCAL / "venv", ROOT / "requirements" / "dev.txt", sees_sources=True),
    Environment(LOCAL / "tools", ROOT / "requirements" / "tools.txt", sees_sources=False),
)


class InstallError(Exception):
    """pip or venv failed; the message is one line and names the log."""


def install(environment: Environment) -> None:
    """Make one environment from nothing. Raises InstallError."""
    shutil.rmtree(environment.folder, ignore_errors=True)
    log = LOCAL / f"{environment.folder.name}.log"
    python = environment.folder / "bin" / "python"
    pip = [str(python), "-m", "pip", "--disable-pip-version-check", "install", "--progress-bar", "off"]
    with log.open("w") as output:
        for command in (
            [sys.executable, "-m", "venv", str(environment.folder)],
            [*pip, "--no-deps", "--no-compile", "--require-hashes", "--requirement", str(environment.lock)],
        ):
            if subprocess.run(command, stdout=output, stderr=subprocess.STDOUT, cwd=ROOT).returncode:
                raise InstallError(
                    f"could not install {environment.lock.relative_to(ROOT)}: {_last_error(log)} "
                    f"(is a package index reachable? the whole log: {log.relative_to(ROOT)})"
                )
    if environment.sees_sources:
        _show_sources(python)
    environment.stamp.write_text(environment.fingerprint())


def _show_sources(python: Path) -> None:
    """Let the environment import the project where it stands, as functions import it from layers."""
    site = subprocess.run(
        [str(python), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    sources = "".join(f"{ROOT / source}\n" for source in SOURCES)
    (Path(site) / "darkroom-sources.pth").write_text(sources)


def _stop_what_runs_from_them() -> None:
    """The local AWS loads parts of itself as it goes: stop it, and let it save, before that changes."""
    python = LOCAL / "venv" / "bin" / "python"
    if (LOCAL / "aws" / "process.json").exists() and python.exists():
        subprocess.run([str(python), "-m", "local", "down"], cwd=ROOT)


def _last_error(log: Path) -> str:
    lines = [line.strip() for line in log.read_text(errors="replace").splitlines() if line.strip()]
    errors = [line for line in lines if line.upper().startswith("ERROR")]
    return (errors or lines or ["no output"])[-1]


def main() -> int:
    """Bring both environments up to date; quick when there is nothing to do."""
    if sys.version_info[:2] != (3, 13):
        print("darkroom: run this with Python 3.13 (`local/find-python` prints one)", file=sys.stderr)
        return 1
    stale = [environment for environment in ENVIRONMENTS if not environment.is_current()]
    if not stale:
        return 0
    LOCAL.mkdir(exist_ok=True)
    names = " and ".join(str(environment.folder.relative_to(ROOT)) for environment in stale)
    print(f"installing {names} (about a minute, once) ...", flush=True)
    started = time.monotonic()
    os.environ.pop("PYTHONPATH", None)
    _stop_what_runs_from_them()
    try:
        with ThreadPoolExecutor() as pool:
            list(pool.map(install, stale))
    except (InstallError, OSError) as error:
        print(f"darkroom: {error}", file=sys.stderr)
        return 1
    print(f"installed in {time.monotonic() - started:.0f} s", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
