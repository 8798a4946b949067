"""`python -m bench [name …]`: run the benches and print the results."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable

from bench import accepting, film, head_of_line, imports, journey
from bench.drawings import running as drawings
from bench.render import running as render
from tools.errors import LocalError

BENCHES: dict[str, Callable[[], None]] = {
    "imports": imports.run,
    "accepting": accepting.run,
    "film": film.run,
    "journey": journey.run,
    "head_of_line": head_of_line.run,
    "render": render.run,
    "drawings": drawings.run,
}


def main() -> int:
    """Run the benches named on the command line, or all."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help=", ".join(BENCHES))
    names = parser.parse_args().names or list(BENCHES)
    if unknown := set(names) - set(BENCHES):
        parser.error(f"no such bench: {', '.join(sorted(unknown))}; there are {', '.join(BENCHES)}")
    for name in names:
        print(f"== {name}", flush=True)
        try:
            BENCHES[name]()
        except LocalError as error:
            print(f"darkroom: {error}", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
