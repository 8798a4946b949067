"""Builds the stand-ins of `darkroom_graphics.native` again; needed when skia-python imports other symbols.

    python3.13 -m venv /tmp/zig && /tmp/zig/bin/pip install ziglang==0.17.0
    .local/venv/bin/python -m tools.native /tmp/zig/bin/python

The compiler stays out of the project's own environments: it is large and rarely needed. The same skia-python
and the same compiler make the same bytes. The files are called `*.so.1`: `sam build` leaves out `*.so`.
"""

import argparse
import re
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

from elftools.elf.elffile import ELFFile
from elftools.elf.sections import SymbolTableSection

from tools.errors import LocalError
from tools.paths import ROOT
from tools.report import complain, say

FOLDER = ROOT / "layers" / "graphics" / "darkroom_graphics" / "native"
PROCESSORS = ("aarch64", "x86_64")
COMPILER = "0.17.0"

_SYMBOLS = {
    "libEGL.so.1": re.compile(r"egl[A-Z]"),
    "libGL.so.1": re.compile(r"gl[A-Z]"),
    "libexpat.so.1": re.compile(r"XML_"),
}
# A stand-in has no use for unwind tables, a build id or a second hash table.
_FLAGS = (
    "-shared",
    "-nostdlib",
    "-Os",
    "-s",
    "-fno-asynchronous-unwind-tables",
    "-Wl,--build-id=none",
    "-Wl,--hash-style=gnu",
    "-Wl,-z,norelro",
)


def main(arguments: list[str] | None = None) -> int:
    """Build every stand-in for every processor; an error a person can act on is one line and exit code 1."""
    parser = argparse.ArgumentParser(prog="python -m tools.native", description=__doc__.splitlines()[0])
    parser.add_argument("python", help="a Python that has the ziglang package")
    try:
        _build(parser.parse_args(arguments).python)
    except LocalError as error:
        complain(str(error))
        return 1
    return 0


def skia_libraries() -> list[Path]:
    """The extension module of the installed skia-python, then the libraries it brings along."""
    spec = find_spec("skia")
    if spec is None or spec.origin is None:
        raise LocalError("skia-python is not installed; run `make setup`")
    module = Path(spec.origin)
    return [module, *sorted((module.parent / "skia_python.libs").iterdir())]


def symbols(library: Path, *, defined: bool) -> set[str]:
    """The names a library gives to others, or those it must find elsewhere (weak ones it need not)."""
    with library.open("rb") as file:
        table = ELFFile(file).get_section_by_name(".dynsym")
        if not isinstance(table, SymbolTableSection):
            raise LocalError(f"{library} is not a shared library")
        return {
            symbol.name
            for symbol in table.iter_symbols()
            if symbol.name
            and (symbol["st_shndx"] != "SHN_UNDEF") == defined
            and (defined or symbol["st_info"]["bind"] != "STB_WEAK")
        }


def missing_symbols() -> dict[str, list[str]]:
    """The symbols that skia and its libraries import from each missing library."""
    missing = {name for library in skia_libraries() for name in symbols(library, defined=False)}
    return {
        soname: sorted(name for name in missing if pattern.match(name))
        for soname, pattern in _SYMBOLS.items()
    }


def source(names: list[str]) -> str:
    """C that has all these functions, each returning 0 of any width."""
    lines = [f'void *{name}(void) __attribute__((alias("nothing")));' for name in names]
    return "\n".join(["static void *nothing(void) { return 0; }", *lines, ""])


def _build(python: str) -> None:
    version = _run(python, "version").strip()
    if version != COMPILER:
        raise LocalError(f"the stand-ins are built with ziglang {COMPILER}, this is {version}")
    for soname, names in missing_symbols().items():
        for processor in PROCESSORS:
            library = FOLDER / processor / soname
            library.parent.mkdir(exist_ok=True)
            _compile(python, source(names), processor, library)
            library.chmod(0o644)
            say(f"{library.relative_to(ROOT)}: {len(names)} symbols, {library.stat().st_size} bytes")


def _compile(python: str, code: str, processor: str, library: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "stand_in.c")
        file.write_text(code)
        target = f"--target={processor}-linux-gnu"
        _run(python, "cc", target, *_FLAGS, f"-Wl,-soname,{library.name}", "-o", str(library), str(file))


def _run(python: str, *arguments: str) -> str:
    try:
        done = subprocess.run([python, "-m", "ziglang", *arguments], capture_output=True, text=True)
    except OSError as error:
        raise LocalError(f"cannot run {python}: {error.strerror}") from error
    if done.returncode:
        raise LocalError(f"ziglang failed: {done.stderr.strip() or done.returncode}")
    return done.stdout


if __name__ == "__main__":
    sys.exit(main())
