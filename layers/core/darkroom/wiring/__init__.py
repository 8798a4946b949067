"""The composition root: it chooses each port's adapter and builds each service.

An object is built on first use and kept for the life of the process. Imports are as lazy as the objects, so that an
API function never loads an HTTP client and a worker never loads what it does not use.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from darkroom.settings import settings
from darkroom.wiring.accounts import AccountServices
from darkroom.wiring.brands import BrandServices
from darkroom.wiring.files import FileServices
from darkroom.wiring.manifests import ManifestServices
from darkroom.wiring.reconcile import ReconcileServices
from darkroom.wiring.webhooks import WebhookServices


class Container(
    AccountServices, BrandServices, FileServices, ManifestServices, ReconcileServices, WebhookServices
):
    """The objects of a process. Tests make one with fakes and install it with ``override``."""


class _Process:
    """The one container of this process."""

    current: Container | None = None


def container() -> Container:
    """This process's container, made from its environment on first use."""
    if _Process.current is None:
        _Process.current = Container(settings())
    return _Process.current


@contextmanager
def override(replacement: Container) -> Iterator[Container]:
    """Install another container within the block, as tests do, and tools that act on a stack from outside."""
    before, _Process.current = _Process.current, replacement
    try:
        yield replacement
    finally:
        _Process.current = before
