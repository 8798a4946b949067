"""The card that everybody draws: 1200 × 630, a gradient, a wrapped headline, a photo, a QR code and a rating."""

from __future__ import annotations

from typing import Any

AVATAR_URL = "https://pictures.example/avatar.jpg"

DOCUMENT: dict[str, Any] = {
    "canvas": {
        "width": 1200,
        "height": 630,
        "background": {
            "type": "linear",
            "angle": 135,
            "stops": [
                {"offset": 0, "color": "#1e1b4b"},
                {"offset": 0.55, "color": "#6d28d9"},
                {"offset": 1, "color": "#db2777"},
            ],
        },
    },
    "elements": [
        {
            "id": "eyebrow",
            "type": "text",
            "text": "THE DARKROOM JOURNAL",
            "x": 72,
            "y": 64,
            "width": 700,
            "height": 32,
            "fontSize": 22,
            "fontWeight": 600,
            "letterSpacing": 3,
            "color": "#ffffffcc",
        },
        {
            "id": "headline",
            "type": "text",
            "x": 72,
            "y": 116,
            "width": 1056,
            "height": 240,
            "fontSize": 66,
            "fontWeight": 600,
            "lineHeight": 1.15,
            "maxLines": 3,
            "color": "#ffffff",
        },
        {
            "id": "avatar",
            "type": "image",
            "x": 72,
            "y": 438,
            "width": 120,
            "height": 120,
            "circle": True,
            "border": {"color": "#ffffff", "width": 4},
        },
        {
            "id": "author",
            "type": "text",
            "text": "Maya Lindqvist",
            "x": 216,
            "y": 446,
            "width": 500,
            "height": 40,
            "fontSize": 32,
            "fontWeight": 600,
            "color": "#ffffff",
        },
        {
            "id": "rating",
            "type": "rating",
            "x": 216,
            "y": 502,
            "width": 230,
            "height": 44,
            "color": "#fbbf24",
            "emptyColor": "#ffffff40",
        },
        {"id": "qr", "type": "qr", "x": 960, "y": 390, "width": 168, "height": 168, "margin": 2},
    ],
}


def row(number: int) -> dict[str, Any]:
    """What differs from card to card; no two have a headline, or a code, in common."""
    return {
        "headline": f"How we cut our rendering bill by {number % 90 + 9} percent without late night {number + 100}",
        "rating": 5 - number % 9 / 2,
        "link": f"https://darkroom.example/journal/rendering-{number:05}",
    }


def payload(card: dict[str, Any]) -> dict[str, Any]:
    """A row as this project's payload."""
    return {
        "headline": {"text": card["headline"]},
        "avatar": {"src": AVATAR_URL},
        "rating": {"value": card["rating"]},
        "qr": {"text": card["link"]},
    }
