"""The moondraft dialect: prompts in, finished pictures and clips out, while the caller waits."""

import darkroom.http.cold_start  # noqa: F401  # before any module here imports Powertools
