"""Codes by mail, and keys for codes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest

from darkroom.domain.accounts.api_keys import parse_token
from darkroom.domain.accounts.one_time_passwords import six_digits
from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.errors import InvalidParam
from tests.unit.functions.api_moondraft.client import Client, ClientResponse

ADA = "ada@example.com"


def verify(api: Client, code: str, email: str = ADA, source: str = "192.0.2.1") -> ClientResponse:
    return api.post("/auth/verify", {"email": email, "code": code}, key=None, source=source)


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


def test_a_code_becomes_a_key_with_fifty_credits(api: Client) -> None:
    reply = verify(api, api.code_for())
    assert reply.status == 200
    assert set(reply.json) == {"success", "api_key", "credits"}
    assert (reply.json["success"], reply.json["credits"]) == (True, 50)
    key = reply.json["api_key"]
    assert key.startswith("md_")
    assert api.get("/credits", key=key).json["credits"] == 50
    assert api.post("/generate", {"prompt": "x"}, key=key).status == 200
    workspace = api.memory.workspaces[parse_token(key).workspace_id]
    assert (workspace.email, workspace.plan) == (ADA, "metered")


def test_credits_are_all_that_limits_whoever_pays_for_each(api: Client) -> None:
    key = verify(api, api.code_for()).json["api_key"]
    workspace_id = parse_token(key).workspace_id
    api.core.grant_credits_by_hand(workspace_id, 1000)
    for _ in range(7):
        api.clock.advance(180)
        reply = api.post("/generate/batch", {"prompts": ["x"] * 10}, key=key)
        assert (reply.status, len(reply.json["results"])) == (200, 10)


def test_the_mail_says_what_is_needed(api: Client) -> None:
    code = api.code_for()
    (mail,) = api.mailer.sent
    assert mail.to == ADA
    assert mail.text.startswith(f"Your sign-in code is {code}\n")
    assert "10 minutes" in mail.text


def test_the_code_itself_is_kept_nowhere(api: Client) -> None:
    code = api.code_for()
    assert code not in repr(api.memory.codes)


def test_known_and_unknown_addresses_are_answered_alike(api: Client) -> None:
    verify(api, api.code_for())
    answers = [api.post("/auth/send-code", {"email": email}, key=None) for email in (ADA, "bob@example.com")]
    assert answers[0].status == answers[1].status == 200
    assert answers[0].json == answers[1].json
    assert set(answers[0].headers) == set(answers[1].headers)
    failures = [verify(api, "000000", email).json for email in (ADA, "nobody@example.com")]
    assert failures[0] == failures[1]


def test_a_later_sign_in_makes_a_key_and_no_credits(api: Client) -> None:
    first = verify(api, api.code_for()).json["api_key"]
    api.post("/generate", {"prompt": "x"}, key=first)
    api.clock.advance(120)
    again = verify(api, api.code_for(" ADA@Example.com "), "Ada@EXAMPLE.com").json
    assert again["credits"] == 49
    assert again["api_key"] != first
    assert parse_token(again["api_key"]).workspace_id == parse_token(first).workspace_id
    assert api.get("/credits", key=first).status == 200


def test_a_code_is_good_once(api: Client) -> None:
    code = api.code_for()
    assert verify(api, code).status == 200
    reply = verify(api, code)
    assert (reply.status, reply.error) == (
        400,
        "code: the code is wrong or has expired. Request a new one.",
    )


def test_two_at_once_make_one_workspace_with_fifty_credits(api: Client) -> None:
    code = api.code_for()
    api.see_codes_as_of_now()
    sign_in = api.core.sign_in

    def attempt(_: int) -> str:
        try:
            return sign_in(ADA, code, "198.51.100.1").secret
        except InvalidParam:
            return ""

    with ThreadPoolExecutor(8) as pool:
        keys = [secret for secret in pool.map(attempt, range(8)) if secret]
    assert len(keys) == 1
    assert set(api.memory.identities) == {("email", ADA), ("mailbox", ADA)}
    assert api.memory.wallets[Owner(parse_token(keys[0]).workspace_id, True)].granted == 50


def test_different_codes_at_once_still_make_one_workspace(api: Client) -> None:
    api.core.accounts.workspace_of = lambda *_: None  # type: ignore[method-assign]
    secrets = []
    for _ in range(2):
        secrets.append(verify(api, api.code_for()).json)
        api.clock.advance(60)
    owners = {parse_token(answer["api_key"]).workspace_id for answer in secrets}
    assert (len(owners), [answer["credits"] for answer in secrets]) == (1, [50, 50])


def test_after_five_wrong_codes_the_right_one_is_refused_too(api: Client) -> None:
    code = api.code_for()
    for number in range(5):
        assert verify(api, wrong(code), source=f"198.51.100.{number}").status == 400
    assert verify(api, code).status == 400
    assert len(api.memory.workspaces) == 1


def test_after_four_wrong_codes_the_right_one_is_taken(api: Client) -> None:
    code = api.code_for()
    for _ in range(4):
        verify(api, wrong(code))
    assert verify(api, code).status == 200


def test_guesses_sent_all_at_once_count_like_guesses_sent_one_by_one(api: Client) -> None:
    code = api.code_for()
    api.see_codes_as_of_now()
    for number in range(40):
        assert verify(api, wrong(code), source=f"198.51.100.{number}").status == 400
    assert verify(api, code, source="198.51.100.99").status == 400
    assert api.memory.codes[ADA].attempts == 5


def test_a_code_expires_after_ten_minutes(api: Client) -> None:
    code = api.code_for()
    api.clock.advance(599)
    late = api.code_for("bob@example.com")
    assert verify(api, code).status == 200
    api.clock.advance(600)
    assert verify(api, late, "bob@example.com").status == 400


def test_a_new_code_replaces_the_one_before(api: Client) -> None:
    first = api.code_for()
    second = api.code_for()
    assert first != second
    assert verify(api, first).status == 400
    assert verify(api, second).status == 200


def test_an_address_s_code_is_good_for_no_other(api: Client) -> None:
    code = api.code_for()
    api.code_for("bob@example.com")
    assert verify(api, code, "bob@example.com").status == 400


def test_an_address_gets_five_mails_an_hour(api: Client) -> None:
    for number in range(5):
        api.code_for(source=f"198.51.100.{number}")
        api.clock.advance(60)
    reply = api.post("/auth/send-code", {"email": ADA}, key=None)
    assert (reply.status, reply.headers["Retry-After"]) == (429, "3300")
    assert len(api.mailer.sent) == 5
    api.clock.advance(3300)
    assert api.post("/auth/send-code", {"email": ADA}, key=None).status == 200


def test_two_requests_at_once_send_one_mail(api: Client) -> None:
    api.see_codes_as_of_now()
    for _ in range(2):
        assert api.post("/auth/send-code", {"email": ADA}, key=None).status == 200
    assert len(api.mailer.sent) == 1


def test_when_no_mail_can_be_sent_it_says_so(api: Client) -> None:
    api.mailer.down = True
    assert api.post("/auth/send-code", {"email": ADA}, key=None).status == 503


@pytest.mark.parametrize(
    "email",
    [
        "",
        "ada",
        "ada@",
        "@example.com",
        "ada@example",
        "ada@exa mple.com",
        "ada@example.com,bob@example.com",
        "ada@example.com\nBcc: bob@example.com",
        "ada..l@example.com",
        "Ada <ada@example.com>",
        "ädä@example.com",
        "a" * 65 + "@example.com",
        "a@" + "b" * 250 + ".com",
        "ada@-example.com",
        7,
        None,
        ["ada@example.com"],
    ],
)
def test_what_is_no_address_is_refused(api: Client, email: object) -> None:
    reply = api.post("/auth/send-code", {"email": email}, key=None)
    assert (reply.status, "email" in reply.error) == (400, True)
    assert not api.mailer.sent


@pytest.mark.parametrize(
    "email", ["a@b.co", "ada.l+x_y-z@mail.example.co.uk", "o'neil@example.com", "ADA@EXAMPLE.COM"]
)
def test_addresses_people_have_are_taken(api: Client, email: str) -> None:
    assert verify(api, api.code_for(email), email).status == 200


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "١٢٣٤٥٦", 123456, None])
def test_what_is_no_code_is_refused(api: Client, code: object) -> None:
    api.code_for()
    reply = api.post("/auth/verify", {"email": ADA, "code": code}, key=None)
    assert (reply.status, "code" in reply.error) == (400, True)


def test_codes_have_six_digits_and_use_all_of_them() -> None:
    codes = {six_digits(number.to_bytes(32)) for number in (0, 7, 999_999, 1_000_000, 2**256 - 1)}
    assert codes == {"000000", "000007", "999999", f"{(2**256 - 1) % 10**6:06d}"}


# --------------------------------------------------------------------- first credits


def sign_up(api: Client, email: str, source: str) -> int:
    """The credits that a new address begins with."""
    reply = verify(api, api.code_for(email, source=source), email=email, source=source)
    assert reply.status == 200
    return int(reply.json["credits"])


def test_one_mailbox_gets_credits_once_however_it_is_spelled(api: Client) -> None:
    spellings = [f"Ada.Byron+{number}@googlemail.com" for number in range(4)]
    spellings += ["adabyron@gmail.com", "a.d.a.b.y.r.o.n@gmail.com"]
    credits = []
    for number, spelling in enumerate(spellings):
        credits.append(sign_up(api, spelling, f"198.51.100.{number}"))
        api.clock.advance(3600)
    assert credits == [50, 0, 0, 0, 0, 0]


def test_a_network_gets_credits_for_three_sign_ups_a_day(api: Client) -> None:
    assert [sign_up(api, f"p{n}@example.com", "198.51.100.7") for n in range(3)] == [50, 50, 50]
    api.clock.advance(60)
    assert sign_up(api, "p4@example.com", "198.51.100.7") == 0
    assert sign_up(api, "p5@example.com", "198.51.100.8") == 50
    api.clock.advance(86_400)
    assert sign_up(api, "p6@example.com", "198.51.100.7") == 50


@pytest.mark.parametrize(
    ("settings", "credits"),
    [({"sign_up_credits": "0"}, [0, 0]), ({"sign_up_credits": "7", "sign_ups_per_day": "1"}, [7, 0])],
)
def test_the_operator_decides_what_a_sign_up_gets(
    api: Client, settings: dict[str, Any], credits: list[int]
) -> None:
    api.core.settings = replace(api.core.settings, **settings)
    got = [sign_up(api, f"p{n}@example.com", f"198.51.100.{n}") for n in range(2)]
    assert got == credits
