"""A brand from its website to a picture, with IAM enforced: a worker reads pages and brings in logos."""

from __future__ import annotations

import io
import time
from collections.abc import Callable

import httpx
from PIL import Image

from tests.e2e.client import Client
from tests.e2e.samples import data_url, picture, served

PAGE = b"""<!doctype html><title>Fresh coffee | Dawn Roasters</title>
<meta name="description" content="Coffee made for early risers, at dawn.">
<style>a{color:#3B2A1A}b{color:#E8C39E}</style><p>Roasted before sunrise."""
LOGO = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 2"><rect width="4" height="2" fill="#3B2A1A"/></svg>'


def test_a_site_fills_a_kit_whose_logo_is_a_drawing_and_the_kit_grounds_a_meme(
    fresh: Callable[..., Client],
) -> None:
    client = fresh(credits=5)
    with served(PAGE, "text/html") as site:
        profile = client.post("/memes/v1/brand-kits/analyze-url", {"url": site})
        enhanced = client.post("/memes/v1/prompts/enhance", {"prompt": "mondays", "website_url": site})
    assert profile["website_context"] == "Coffee made for early risers, at dawn."
    assert profile["brand_colors"] == ["#3B2A1A", "#E8C39E"]
    assert "Coffee made for early risers" in enhanced["enhanced_prompt"]

    kit = client.post(
        "/memes/v1/brand-kits",
        {"name": "Dawn", "company_name": "Dawn Roasters", "brand_colors": profile["brand_colors"]},
    )["brand_kit"]
    path = f"/memes/v1/brand-kits/{kit['id']}"
    with served(LOGO, "image/svg+xml") as address:
        kit = client.post(f"{path}/logo", {"source": address})["brand_kit"]
    logo = Image.open(io.BytesIO(httpx.get(kit["logo"]["url"]).content))
    assert (logo.format, logo.size) == ("PNG", (1024, 512))
    product = client.post(f"{path}/product-references", {"source": data_url(picture(), "image/png")})
    assert client.get(path)["brand_kit"]["product_references"] == [product["product_reference"]]
    assert client.post(f"{path}/set-default", {})["brand_kit"]["is_default"]

    generation = client.ended(client.submit("cold brew", resource="memes", brand_kit_id=kit["id"]))
    assert generation["status"] == "succeeded", generation
    assert client.credits()["spent"] == 1, "all the rest is free"
    changed = client.call("PATCH", path, {"tone_of_voice": "dry", "website_context": None}).json()[
        "brand_kit"
    ]
    assert changed["tone_of_voice"] == "dry"
    assert client.call("DELETE", f"{path}/logo").json()["brand_kit"]["logo"] is None
    assert client.call("DELETE", path).json()["deleted"] is True
    assert client.get("/memes/v1/brand-kits")["data"] == []


def test_products_come_from_the_site_by_themselves(fresh: Callable[..., Client]) -> None:
    client = fresh()
    with served(picture(), "image/png") as tin:
        page = f'<title>Dawn</title><meta property="og:image" content="{tin}/tin.png"><p>Coffee.'
        with served(page.encode(), "text/html") as site:
            kit = client.post("/memes/v1/brand-kits", {"name": "Dawn", "website_url": site})["brand_kit"]
            until = time.monotonic() + 60
            while not kit["product_references"] and time.monotonic() < until:
                time.sleep(0.3)
                kit = client.get(f"/memes/v1/brand-kits/{kit['id']}")["brand_kit"]
    (found,) = kit["product_references"]
    assert Image.open(io.BytesIO(httpx.get(found["url"]).content)).size == (320, 240)


def test_what_cannot_be_read_is_told(fresh: Callable[..., Client]) -> None:
    client = fresh()
    with served(b"%PDF-1.7", "application/pdf") as address:
        answer = client.call("POST", "/memes/v1/brand-kits/analyze-url", {"url": address})
        assert (answer.status_code, answer.json()["error"]["param"]) == (400, "url")
        kit = client.post("/memes/v1/brand-kits", {"name": "n"})["brand_kit"]
        answer = client.call("POST", f"/memes/v1/brand-kits/{kit['id']}/logo", {"source": address})
        assert (answer.status_code, answer.json()["error"]["param"]) == (400, "source")
