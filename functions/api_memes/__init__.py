"""The memes dialect: `docs/apis/memes.md` over the shared core."""

import darkroom.http.cold_start  # noqa: F401  # before any module here imports Powertools
