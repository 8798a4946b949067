from __future__ import annotations

import pytest

from tests.unit.functions.api_gencraft.client import Client


@pytest.fixture
def api() -> Client:
    return Client()
