"""The platform dialect: health, keys, the operator's calls, and stored files."""

import darkroom.http.cold_start  # noqa: F401  # before any module here imports Powertools
