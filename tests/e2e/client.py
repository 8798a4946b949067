"""A client of the deployed stack, as small as one can be."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import httpx

TERMINAL = {"succeeded", "partial", "failed", "canceled"}


@dataclass(frozen=True)
class Client:
    """Calls one stack with one key."""

    base_url: str
    key: str
    http: httpx.Client

    def call(
        self, method: str, path: str, body: Any = None, *, params: Any = None, **headers: str
    ) -> httpx.Response:
        spelled = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.http.request(
            method,
            self.base_url + path,
            json=body,
            params=params,
            headers={"Authorization": f"Bearer {self.key}", **spelled},
        )

    def get(self, path: str, **params: Any) -> Any:
        """A JSON answer that must be a success."""
        return self._good(self.call("GET", path, params=params))

    def post(self, path: str, body: Any, **headers: str) -> Any:
        return self._good(self.call("POST", path, body, **headers))

    def submit(self, prompt: str, resource: str = "images", **body: Any) -> str:
        """The id of a new generation."""
        answer = self.post(f"/memes/v1/{resource}", {"prompt": prompt, "quality": "fast", **body})
        return str(answer["generation"]["id"])

    def ended(self, generation_id: str, seconds: float = 60) -> Any:
        """The generation, once it is terminal."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            answer = self.get(f"/memes/v1/generations/{generation_id}")
            if answer["generation"]["status"] in TERMINAL:
                return answer["generation"]
            time.sleep(0.2)
        raise AssertionError(f"generation {generation_id} did not end")

    def credits(self) -> Any:
        return self.get("/platform/v1/credits")["credits"]

    def with_key(self, key: str) -> Client:
        return Client(self.base_url, key, self.http)

    @staticmethod
    def _good(answer: httpx.Response) -> Any:
        assert answer.is_success, f"{answer.request.method} {answer.url}: {answer.status_code} {answer.text}"
        return answer.json()
