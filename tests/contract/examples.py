"""One good example of everything, changed by keyword."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from darkroom.domain.accounts.api_keys import ApiKey, Scope
from darkroom.domain.accounts.one_time_passwords import OneTimePassword
from darkroom.domain.accounts.workspaces import Feature, Owner, Workspace
from darkroom.domain.billing.packs import Pack
from darkroom.domain.billing.purchases import Purchase
from darkroom.domain.brands.brand_kit import BrandKit, KitPicture
from darkroom.domain.carousels.plan import CarouselPlan
from darkroom.domain.catalog.routes import Queue
from darkroom.domain.files.file import File
from darkroom.domain.fonts.font import Font, FontFacts
from darkroom.domain.ids import derived
from darkroom.domain.jobs.assets import Asset, AssetType
from darkroom.domain.jobs.job import Job, new_tasks
from darkroom.domain.jobs.spec import BrandProfile, ImageSpec, Input, Slide
from darkroom.domain.manifests.manifest import Make, Manifest, Order
from darkroom.domain.manifests.records import Format
from darkroom.domain.templates.definition import parse_definition
from darkroom.domain.templates.template import Template
from darkroom.domain.usage.facts import UsageFact
from darkroom.domain.usage.measures import measures
from darkroom.domain.webhooks.deliveries import Delivery
from darkroom.domain.webhooks.endpoints import Endpoint, EventType
from darkroom.domain.webhooks.events import Event
from tests.fakes.system import START

WORKSPACE_ID = derived("workspace")
OWNER = Owner(WORKSPACE_ID, livemode=True)
TEST_OWNER = Owner(WORKSPACE_ID, livemode=False)
STRANGER = Owner(derived("another workspace"), livemode=True)

NOW = START
MINUTE = timedelta(minutes=1)


def object_id(number: int) -> str:
    """The ``number``-th of a row of ids that sort in that order."""
    return f"01950000-0000-7000-8000-{number:012x}"


def workspace(**changes: Any) -> Workspace:
    return Workspace(
        **{
            "id": WORKSPACE_ID,
            "name": "Fjord & Söhne",
            "plan": "standard",
            "created_at": NOW,
            "allowances": {Feature.IMAGES: 12},
            **changes,
        }
    )


def api_key(number: int = 1, **changes: Any) -> ApiKey:
    return ApiKey(
        **{
            "id": object_id(number),
            "owner": OWNER,
            "secret_hash": f"{number:064x}",
            "prefix": "sk_live_…abcd",
            "name": "Server",
            "scopes": frozenset({Scope.GENERATE, Scope.READ}),
            "created_at": NOW + number * MINUTE,
            **changes,
        }
    )


def one_time_code(number: int = 1, **changes: Any) -> OneTimePassword:
    return OneTimePassword(
        **{
            "address": "ada@example.com",
            "id": object_id(number),
            "digest": f"{number:064x}",
            "expires_at": NOW + 10 * MINUTE,
            "sends": (NOW - MINUTE, NOW),
            **changes,
        }
    )


def spec(**changes: Any) -> ImageSpec:
    return ImageSpec(
        **{
            "prompt": "a lighthouse 灯台 🗼 at dusk",
            "aspect_ratio": "16:9",
            "inputs": (Input("source", "https://example.com/a.png"), Input("mask", "tmp/m", True, "a-1")),
            "brand": BrandProfile(company_name="Leuchtturm & Söhne", industry="", brand_colors=("#fff",)),
            "controls": {"strength": 0.35, "whole": 1.0, "tiny": 1e-300, "on": True, "deep": [1, [2, {}]]},
            "seed": 10**40,
            "size": (1024, 768),
            **changes,
        }
    )


def job(number: int = 1, tasks: int = 2, **changes: Any) -> Job:
    job_id = object_id(number)
    return Job(
        **{
            "id": job_id,
            "owner": OWNER,
            "key_id": object_id(1),
            "dialect": "memes",
            "kind": "image",
            "offer_id": "memes/image",
            "model": "standard",
            "collection": "image",
            "feature": Feature.IMAGES,
            "engine": "sandbox",
            "engine_model": "",
            "queue": Queue.SANDBOX,
            "spec": spec(),
            "unit_price": 3,
            "tasks": new_tasks(job_id, tasks),
            "created_at": NOW,
            "deadline_at": NOW + 10 * MINUTE,
            "check_at": NOW + 2 * MINUTE,
            **changes,
        }
    )


def asset(number: int = 1, **changes: Any) -> Asset:
    return Asset(
        **{
            "id": object_id(number),
            "owner": OWNER,
            "collection": "image",
            "type": AssetType.IMAGE,
            "storage_key": f"media/{number}.png",
            "mime": "image/png",
            "size": 1234,
            "aspect_ratio": "16:9",
            "model": "standard",
            "created_at": NOW,
            "job_id": object_id(900 + number),
            "prompt": "A Lighthouse at Dusk",
            **changes,
        }
    )


def file(number: int = 1, **changes: Any) -> File:
    return File(
        **{
            "id": object_id(number),
            "owner": OWNER,
            "filename": "Löwe 獅子.png",
            "mime": "image/png",
            "size": 1234,
            "checksum": f"{number:064x}",
            "created_at": NOW,
            "upload_until": NOW + 60 * MINUTE,
            **changes,
        }
    )


def font(number: int = 1) -> Font:
    facts = FontFacts("Mine", 100, 900, italic=True, glyphs=9, smallest=14, largest=32)
    return Font(object_id(number), OWNER, facts, number, f"media/{number}.ttf", "font/ttf", 12, NOW)


def manifest(number: int = 1, **changes: Any) -> Manifest:
    return Manifest(
        **{
            "id": object_id(number),
            "owner": OWNER,
            "key_id": object_id(1),
            "order": Order(make=Make.RENDERS, offer_id="o", template_id=object_id(9), template_version=2),
            "format": Format.CSV,
            "source": f"manifests/{WORKSPACE_ID}/live/{object_id(number)}.csv",
            "name": "Frühjahr",
            "created_at": NOW,
            "check_at": NOW + MINUTE,
            **changes,
        }
    )


def template(number: int = 1, **changes: Any) -> Template:
    document = {
        "canvas": {"width": 1200, "height": 630, "background": "#0b1f33"},
        "elements": [
            {
                "id": "title",
                "type": "text",
                "x": 80.5,
                "y": 0,
                "width": 600,
                "height": 90,
                "text": "Zürich 東京",
            },
            {"id": "logo", "type": "image", "x": 900, "y": 80, "width": 200, "height": 200, "opacity": 0.1},
        ],
    }
    return Template(
        **{
            "id": object_id(number),
            "owner": OWNER,
            "name": "Société card",
            "version": 1,
            "document": parse_definition(document),
            "created_at": NOW,
            "updated_at": NOW + number * MINUTE,
            **changes,
        }
    )


def brand_kit(number: int = 1, **changes: Any) -> BrandKit:
    return BrandKit(
        **{
            "id": object_id(number),
            "owner": OWNER,
            "name": "Röster",
            "version": 1,
            "created_at": NOW,
            "updated_at": NOW + number * MINUTE,
            "company_name": "Dawn Roasters",
            "brand_colors": ("#3B2A1A", "#E8C39E"),
            "logo": KitPicture("l-1", "a-1", "media/w/live/j/a-1.png", NOW, "2:1"),
            "products": (KitPicture("p-1", "a-2", "media/w/live/j/a-2.png", NOW),),
            **changes,
        }
    )


def endpoint(number: int = 1, **changes: Any) -> Endpoint:
    return Endpoint(
        **{
            "id": object_id(number),
            "owner": OWNER,
            "url": "https://subscriber.example/hook",
            "events": frozenset({EventType.COMPLETED, EventType.FAILED}),
            "created_at": NOW + number * MINUTE,
            **changes,
        }
    )


def delivery(number: int = 1, **changes: Any) -> Delivery:
    return Delivery(
        **{
            "id": derived("delivery", number),
            "owner": OWNER,
            "endpoint_id": object_id(1),
            "event_id": derived("event", number),
            "event_type": EventType.COMPLETED,
            "payload": '{"id":"é"}',
            "created_at": NOW + number * MINUTE,
            "version": 1,
            **changes,
        }
    )


def plan(number: int = 1, **changes: Any) -> CarouselPlan:
    return CarouselPlan(
        **{
            "id": object_id(number),
            "owner": OWNER,
            "concept_title": "Mythen über Kaffee ☕",
            "viral_mechanic": "myth/fact reveal",
            "audience": "first-time buyers",
            "cta": "Try the kit",
            "slides": (Slide("hook", "5 myths", "a cup"), Slide("cta", "Try the kit", "")),
            "aspect_ratio": "4:5",
            "created_at": NOW,
            "kept_until": NOW + 60 * MINUTE,
            "goal": "leads",
            "brand": BrandProfile(company_name="Dawn"),
            "inputs": (Input("logo", "tmp/l", True, "a-1"),),
            **changes,
        }
    )


def usage_fact(number: int = 1, **changes: Any) -> UsageFact:
    return UsageFact(
        **{
            "id": f"{object_id(number)}#settle",
            "owner": OWNER,
            "at": NOW,
            "key_id": object_id(1),
            "offer_id": "memes.image",
            "by_vendor": {"fal": measures({"jobs": 1, "credits": 3, "failure.generation_failed": 1})},
            **changes,
        }
    )


def purchase(**changes: Any) -> Purchase:
    pack = Pack("pack_300", 300, price_cents=2_400)
    return replace(Purchase("p-1", OWNER, pack, NOW, session_id="cs_1"), **changes)


def account_event(**changes: Any) -> Event:
    data = {"credits": {"available": 4, "threshold": 12.5}}
    return replace(Event("e-1", EventType.CREDITS_LOW, OWNER, NOW, data), **changes)
