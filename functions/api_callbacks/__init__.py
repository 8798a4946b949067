"""Where vendors call back."""

import darkroom.http.cold_start  # noqa: F401  # before any module here imports Powertools
