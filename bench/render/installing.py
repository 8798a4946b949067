"""The peers that are not Python, installed below `.local/bench` when the bench is run, and nowhere else."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from tools.paths import LOCAL, ROOT

FOLDER = LOCAL / "bench"
PEERS = Path(__file__).parent / "peers"
PYTHONPATH = os.pathsep.join(
    str(ROOT / part)
    for part in ("layers/core", "layers/graphics", "layers/type", "layers/renderer", "layers/sandbox", ".")
)
ENVIRONMENT = {"PATH": os.environ.get("PATH", ""), "PYTHONPATH": PYTHONPATH, "HOME": str(FOLDER)}
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def prepared() -> Path:
    """Write what all peers draw with: the same font file, the same photo."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    subprocess.run(
        [sys.executable, "-m", "bench.render.materials", str(FOLDER)], cwd=ROOT, env=ENVIRONMENT, check=True
    )
    inputs = {
        "font": str(FOLDER / "Inter-600.ttf"),
        "avatar": str(FOLDER / "avatar.jpg"),
        "chromium": browser() or "",
    }
    (FOLDER / "inputs.json").write_text(json.dumps(inputs))
    return FOLDER / "inputs.json"


def browser() -> str | None:
    return next((path for name in BROWSERS if (path := shutil.which(name))), None)


def node_peers() -> Path | None:
    """The folder of the installed peers; ``None``, after printing why, where they cannot be installed."""
    if not shutil.which("npm"):
        print("takumi, satori + resvg and Chromium are left out: there is no Node.js here")
        return None
    folder = FOLDER / "peers"
    lock = (PEERS / "package-lock.json").read_bytes()
    done = folder / "installed.json"
    shutil.copytree(PEERS, folder, dirs_exist_ok=True)
    if not done.exists() or done.read_bytes() != lock:
        tried = subprocess.run(
            ["npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"],
            cwd=folder,
            capture_output=True,
            text=True,
        )
        if tried.returncode:
            print(f"takumi, satori + resvg and Chromium are left out: npm said {tried.stderr.strip()[-300:]}")
            return None
        done.write_bytes(lock)
    return folder
