"""What the API is asked with. Generated from the OpenAPI document by `make openapi`; do not edit."""

from __future__ import annotations

from typing import Literal, NotRequired, TypedDict


class Allowances(TypedDict):
    """
    Thirty-day allowances that replace the plan's.
    """

    images: NotRequired[int | None]
    video: NotRequired[int | None]


class KeyBudget(TypedDict):
    """
    A key's ceilings from now on. What is left out has none.
    """

    daily_credits: NotRequired[int | None]
    monthly_credits: NotRequired[int | None]


class NewGrant(TypedDict):
    """
    Credits to add, without an end or until `expires_at`. The same `reference` grants once, however often sent.

    `expires_in_days` says the end as so many times 24 hours from now.
    """

    credits: int
    livemode: NotRequired[bool]
    note: NotRequired[str]
    reference: NotRequired[str | None]
    expires_at: NotRequired[str | None]
    expires_in_days: NotRequired[int | None]


class NewWorkspace(TypedDict):
    """
    A workspace to open, with its first live credits and its first key.
    """

    name: str
    plan: NotRequired[Literal["trial", "starter", "standard", "pro", "metered"]]
    credits: NotRequired[int]
    allowances: NotRequired[Allowances]
    email: NotRequired[str | None]
    key_dialect: NotRequired[Literal["memes", "moondraft", "pixeldrive", "agent", "gencraft"]]


class Spread(TypedDict):
    """
    Over how many shards a wallet is to be spread.
    """

    shards: int
    livemode: NotRequired[bool]


class UploadBody(TypedDict):
    """
    Body of `POST /files`: what will be uploaded, to the byte. `size` is in bytes.
    """

    content_type: Literal[
        "image/png",
        "image/jpeg",
        "image/webp",
        "image/gif",
        "image/bmp",
        "audio/mpeg",
        "audio/wav",
        "audio/ogg",
        "audio/mp4",
    ]
    size: int
    checksum_sha256: str
    filename: NotRequired[str]


class NewKey(TypedDict):
    """
    A key to mint: for which dialect it is spelled, what it may do, until when.
    """

    name: str
    dialect: NotRequired[Literal["memes", "moondraft", "pixeldrive", "agent", "gencraft"]]
    livemode: NotRequired[bool]
    scopes: NotRequired[
        list[
            Literal[
                "generations:write",
                "generations:read",
                "webhooks:manage",
                "account:read",
                "keys:manage",
                "billing:manage",
                "admin",
            ]
        ]
        | None
    ]
    expires_at: NotRequired[str | None]
    requests_per_minute: NotRequired[int | None]
    daily_credits: NotRequired[int | None]
    monthly_credits: NotRequired[int | None]


class NewManifest(TypedDict):
    """
    A manifest to upload: what its rows become, and what its file is like.

    Either `template_id` or `model` says what they become. `size` is the file's, in bytes. `output_format` and
    `quality` are of renders.
    """

    format: Literal["csv", "jsonl"]
    size: int
    template_id: NotRequired[str | None]
    pixel_ratio: NotRequired[float | None]
    output_format: NotRequired[Literal["png", "jpeg", "webp", "pdf"] | None]
    quality: NotRequired[int | None]
    model: NotRequired[Literal["forge-image", "forge-image-fast", "meme"] | None]
    name: NotRequired[str]
