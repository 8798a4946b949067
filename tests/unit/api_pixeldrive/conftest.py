from __future__ import annotations

import pytest

from tests.unit.api_pixeldrive.desk import Desk


@pytest.fixture
def desk() -> Desk:
    return Desk()
