from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from darkroom.adapters.fetch import Fetched, FetchFailed
from darkroom.adapters.secrets import SECRET_AGAIN, SECRET_KEPT, Secret
from darkroom.adapters.vendor_keys import JWKS_AGAIN, JWKS_KEPT, CallbackSecrets, VendorKeys
from darkroom.domain.errors import Unavailable
from tests.fakes import FakeClock

BUSY = ClientError({"Error": {"Code": "InternalServiceError"}}, "GetSecretValue")
URL = "https://rest.fal.ai/.well-known/jwks.json"


class Secrets:
    def __init__(self, *texts: str | Exception) -> None:
        self.texts, self.reads = list(texts), 0

    def get_secret_value(self, SecretId: str) -> dict[str, str]:  # noqa: N803 - AWS's own
        self.reads += 1
        text = self.texts.pop(0) if len(self.texts) > 1 else self.texts[0]
        if isinstance(text, Exception):
            raise text
        return {"SecretString": text}


class Http:
    def __init__(self, *answers: dict[str, Any] | Exception) -> None:
        self.answers, self.asked, self.urls = list(answers), 0, list[str]()

    def get(self, url: str, **_: Any) -> Fetched:
        self.asked += 1
        self.urls.append(url)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return Fetched(url, 200, "", json.dumps(answer).encode())


def keys(clock: FakeClock, *texts: str | Exception) -> tuple[VendorKeys, Secrets]:
    secrets = Secrets(*texts)
    return VendorKeys(Secret(secrets, "arn", clock)), secrets  # type: ignore[arg-type]


def test_keys_are_read_once_for_minutes_and_then_anew() -> None:
    clock = FakeClock()
    known, secrets = keys(clock, '{"fal": " one "}', '{"fal": "two"}')
    assert [known.get("fal"), known.get("fal"), known.get("kie")] == ["one", "one", ""]
    assert secrets.reads == 1
    clock.advance(SECRET_KEPT)
    assert known.get("fal") == "two"


def test_keys_that_are_known_stay_good_while_new_ones_cannot_be_had() -> None:
    clock = FakeClock()
    known, _ = keys(clock, '{"fal": "one"}', BUSY)
    known.get("fal")
    clock.advance(SECRET_KEPT)
    assert known.get("fal") == "one"
    fresh, _ = keys(clock, BUSY)
    with pytest.raises(Unavailable):
        fresh.get("fal")


def test_keys_that_cannot_be_had_are_not_asked_for_with_every_use() -> None:
    clock = FakeClock()
    known, secrets = keys(clock, '{"fal": "one"}', BUSY, BUSY, '{"fal": "two"}')
    known.get("fal")
    clock.advance(SECRET_KEPT)
    assert [known.get("fal") for _ in range(5)] == ["one"] * 5
    assert secrets.reads == 2
    clock.advance(SECRET_AGAIN)
    assert (known.get("fal"), secrets.reads) == ("one", 3)
    clock.advance(SECRET_AGAIN)
    assert (known.get("fal"), secrets.reads) == ("two", 4)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"fal": 3}'])
def test_a_secret_that_is_not_what_it_should_be_holds_no_key(text: str) -> None:
    assert keys(FakeClock(), text)[0].get("fal") == ""


def callback_keys(clock: FakeClock, *answers: dict[str, Any] | Exception) -> tuple[CallbackSecrets, Http]:
    http = Http(*answers)
    return CallbackSecrets(keys(clock, '{"replicate_webhook": "whsec_x"}')[0], http, clock), http  # type: ignore[arg-type]


def test_published_keys_are_kept_for_a_day_and_asked_for_anew_now_and_then() -> None:
    clock = FakeClock()
    known, http = callback_keys(clock, {"keys": [1]}, {"keys": [2]}, {"keys": [3]})
    assert known.secret("replicate_webhook") == "whsec_x"
    assert [known.jwks(URL), known.jwks(URL), known.jwks(URL, fresh=True)] == [{"keys": [1]}] * 3
    assert http.asked == 1
    clock.advance(JWKS_AGAIN)
    assert known.jwks(URL) == {"keys": [1]}
    assert known.jwks(URL, fresh=True) == {"keys": [2]}
    clock.advance(JWKS_KEPT - timedelta(seconds=1))
    assert known.jwks(URL) == {"keys": [2]}
    clock.advance(1)
    assert known.jwks(URL) == {"keys": [3]}


def test_published_keys_that_cannot_be_had_are_not_made_up() -> None:
    clock = FakeClock()
    known, _ = callback_keys(clock, {"keys": [1]}, FetchFailed("timeout"))
    known.jwks(URL)
    clock.advance(JWKS_AGAIN)
    assert known.jwks(URL, fresh=True) == {"keys": [1]}
    clock.advance(JWKS_KEPT)
    with pytest.raises(Unavailable):
        known.jwks(URL)


def test_a_double_publishes_its_keys_where_its_vendor_does() -> None:
    http, clock = Http({"keys": [1]}), FakeClock()
    held = keys(clock, "{}")[0]
    known = CallbackSecrets(held, http, clock, publisher="http://127.0.0.1:9001")  # type: ignore[arg-type]
    assert known.jwks("https://rest.fal.ai/.well-known/jwks.json") == {"keys": [1]}
    assert http.urls == ["http://127.0.0.1:9001/.well-known/jwks.json"]
