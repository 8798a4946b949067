"""`python -m tools.artifacts <logical id> <processor> <folder>`, called by the Makefiles `sam build` runs.

Runs before anything is installed, in any Python 3.13 with pip, so it imports only the standard library.
"""

import sys
from pathlib import Path

from tools.artifacts import assembling
from tools.errors import LocalError


def main() -> int:
    """Fill one folder; what went wrong is the one line SAM shows."""
    if sys.version_info[:2] != (3, 13):
        print("darkroom: bytecode for Lambda's Python 3.13 is made by Python 3.13 only", file=sys.stderr)
        return 1
    logical_id, architecture, folder = sys.argv[1:]
    try:
        assembling.assemble(logical_id, architecture, Path(folder))
    except LocalError as error:
        print(f"darkroom: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
