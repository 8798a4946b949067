"""Where things are. Everything that is made stays under `.local` and `.aws-sam`, both ignored by git."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCAL = ROOT / ".local"
TOOLS = LOCAL / "tools"
BUILD = ROOT / ".aws-sam" / "build"
OUT = ROOT / "out"
