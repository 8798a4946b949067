"""What holds for every test."""

from __future__ import annotations

from hypothesis import settings

# No deadline: how long an example takes says something about the machine. No database: a failure shows its example.
settings.register_profile("darkroom", deadline=None, database=None)
settings.load_profile("darkroom")
