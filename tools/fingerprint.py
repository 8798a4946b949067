"""Hashes that say whether something must be done again."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

_IGNORED = {"__pycache__", ".pytest_cache", ".mypy_cache", ".ruff_cache"}


def of_files(paths: Iterable[Path], *, root: Path) -> str:
    """Hash the names and bytes of files and of everything under folders; what is missing counts as empty."""
    digest = hashlib.sha256()
    for path in sorted(file for source in paths for file in _files(source)):
        digest.update(f"{path.relative_to(root)}\0{path.stat().st_mode & 0o111}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def of_text(*parts: str) -> str:
    """Hash some strings, keeping them apart."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _files(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    return [
        file
        for file in path.rglob("*")
        if file.is_file() and file.suffix != ".pyc" and not _IGNORED.intersection(file.parts)
    ]
