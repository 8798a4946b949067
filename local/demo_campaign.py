"""The demo's campaign: a brand kit, memes of it, the best one for Stories, a film of that, and a carousel."""

import base64
import time
from pathlib import Path
from typing import Any, Final

import httpx

from local.emulator.info import StackInfo
from tools.errors import LocalError
from tools.paths import OUT
from tools.report import say

PATIENCE_SECONDS: Final = 120.0
GENERATIONS: Final = 4  # each of them is a webhook's
ENDED: Final = ("succeeded", "partial", "failed", "canceled")
LOGO: Final = b"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 120">
<circle cx="60" cy="60" r="56" fill="#3B2A1A"/><path d="M24 70a36 36 0 0 1 72 0z" fill="#E8C39E"/>
<rect x="18" y="76" width="84" height="8" fill="#E8C39E"/></svg>"""
KIT: Final = {
    "name": "Dawn Roasters",
    "company_name": "Dawn Roasters",
    "industry": "coffee",
    "brand_colors": ["#3B2A1A", "#E8C39E"],
    "tone_of_voice": "warm, witty",
}


class _Api:
    """The memes API with one key. Raises LocalError for whatever is no success."""

    def __init__(self, http: httpx.Client, key: str) -> None:
        self._http = http
        self._headers = {"Authorization": f"Bearer {key}"}

    def get(self, path: str) -> Any:
        return self._good(self._http.get(f"/memes/v1{path}", headers=self._headers))

    def post(self, path: str, body: Any) -> Any:
        return self._good(self._http.post(f"/memes/v1{path}", json=body, headers=self._headers))

    def ended(self, generation_id: str) -> list[Any]:
        """The outputs of a generation, once it has succeeded."""
        until = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < until:
            generation = self.get(f"/generations/{generation_id}")["generation"]
            if generation["status"] in ENDED:
                if generation["status"] != "succeeded":
                    raise LocalError(
                        f"generation {generation_id} {generation['status']}: {generation['error']}"
                    )
                outputs: list[Any] = generation["output"]
                return outputs
            time.sleep(0.3)
        raise LocalError(f"generation {generation_id} did not end; see .local/aws/ministack.log")

    def download(self, asset: Any, name: str) -> Path:
        answer = self._http.get(asset["url"], follow_redirects=True)
        answer.raise_for_status()
        path = OUT / f"campaign-{name}{Path(asset['url'].partition('?')[0]).suffix}"
        path.write_bytes(answer.content)
        return path

    @staticmethod
    def _good(answer: httpx.Response) -> Any:
        if answer.status_code >= 400:
            raise LocalError(f"{answer.request.url} answered {answer.status_code}: {answer.text[:300]}")
        return answer.json()


def run(http: httpx.Client, stack: StackInfo) -> list[Path]:
    """Run the campaign; answers the files that were made. Raises LocalError."""
    say("\na campaign")
    api = _Api(http, stack.keys["memes_live"])
    kit = api.post("/brand-kits", KIT)["brand_kit"]["id"]
    api.post(
        f"/brand-kits/{kit}/logo", {"source": f"data:image/svg+xml;base64,{base64.b64encode(LOGO).decode()}"}
    )
    say(f"  a brand kit with colours and a logo  {kit}")

    wish = {"prompt": "POV: cold brew the night before a deadline", "brand_kit_id": kit, "count": 4}
    memes = api.ended(api.post("/memes", wish)["generation"]["id"])
    say(f"  {len(memes)} memes of the brand")

    wish = {"image_id": memes[0]["id"], "aspect_ratio": "9:16"}
    (story,) = api.ended(api.post("/images/reframe", wish)["generation"]["id"])
    family = api.get(f"/memes/{memes[0]['id']}/lineage")["data"]
    say(f"  the first one for Stories, {len(family)} in its family")

    (film,) = api.ended(api.post("/videos/animate", {"image_id": story["id"]})["generation"]["id"])
    say("  that one brought to life")

    brief = {"brief": "5 myths about cold brew, debunked", "slide_count": 3, "brand_kit_id": kit}
    plan = api.post("/carousels/plan", brief)["plan"]
    carousel = api.post("/carousels", {"plan_id": plan["id"]})["carousel_set"]
    slides = api.ended(carousel["id"])
    say(f"  a carousel of {len(slides)} slides: {plan['concept_title']} ({plan['viral_mechanic']})")
    return [
        *(api.download(asset, f"meme-{number}") for number, asset in enumerate(memes, 1)),
        api.download(story, "story"),
        api.download(film, "film"),
        *(api.download(asset, f"slide-{number}") for number, asset in enumerate(slides, 1)),
    ]
