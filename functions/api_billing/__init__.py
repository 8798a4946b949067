"""Selling credits: every dialect's buying routes, and what the payment provider tells."""

import darkroom.http.cold_start  # noqa: F401  # before any module here imports Powertools
