"""Codes by mail, and keys for codes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from darkroom.domain.accounts import Owner, parse_token
from darkroom.domain.codes import six_digits
from darkroom.domain.errors import InvalidParam
from tests.unit.api_moondraft.desk import Desk, Reply

ADA = "ada@example.com"


def verify(desk: Desk, code: str, email: str = ADA, source: str = "192.0.2.1") -> Reply:
    return desk.post("/auth/verify", {"email": email, "code": code}, key=None, source=source)


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


def test_a_code_becomes_a_key_with_fifty_credits(desk: Desk) -> None:
    reply = verify(desk, desk.code_for())
    assert reply.status == 200
    assert set(reply.json) == {"success", "api_key", "credits"}
    assert (reply.json["success"], reply.json["credits"]) == (True, 50)
    key = reply.json["api_key"]
    assert key.startswith("md_")
    assert desk.get("/credits", key=key).json["credits"] == 50
    assert desk.post("/generate", {"prompt": "x"}, key=key).status == 200
    workspace = desk.memory.workspaces[parse_token(key).workspace_id]
    assert (workspace.email, workspace.plan) == (ADA, "metered")


def test_credits_are_all_that_limits_whoever_pays_for_each(desk: Desk) -> None:
    key = verify(desk, desk.code_for()).json["api_key"]
    workspace_id = parse_token(key).workspace_id
    desk.core.grant_more(workspace_id, 1000)
    for _ in range(7):
        desk.clock.advance(180)
        reply = desk.post("/generate/batch", {"prompts": ["x"] * 10}, key=key)
        assert (reply.status, len(reply.json["results"])) == (200, 10)


def test_the_mail_says_what_is_needed(desk: Desk) -> None:
    code = desk.code_for()
    (letter,) = desk.mailer.letters
    assert letter.to == ADA
    assert letter.text.startswith(f"Your sign-in code is {code}\n")
    assert "10 minutes" in letter.text


def test_the_code_itself_is_kept_nowhere(desk: Desk) -> None:
    code = desk.code_for()
    assert code not in repr(desk.memory.codes)


def test_known_and_unknown_addresses_are_answered_alike(desk: Desk) -> None:
    verify(desk, desk.code_for())
    answers = [desk.post("/auth/send-code", {"email": email}, key=None) for email in (ADA, "bob@example.com")]
    assert answers[0].status == answers[1].status == 200
    assert answers[0].json == answers[1].json
    assert set(answers[0].headers) == set(answers[1].headers)
    failures = [verify(desk, "000000", email).json for email in (ADA, "nobody@example.com")]
    assert failures[0] == failures[1]


def test_a_later_sign_in_makes_a_key_and_no_credits(desk: Desk) -> None:
    first = verify(desk, desk.code_for()).json["api_key"]
    desk.post("/generate", {"prompt": "x"}, key=first)
    desk.clock.advance(120)
    again = verify(desk, desk.code_for(" ADA@Example.com "), "Ada@EXAMPLE.com").json
    assert again["credits"] == 49
    assert again["api_key"] != first
    assert parse_token(again["api_key"]).workspace_id == parse_token(first).workspace_id
    assert desk.get("/credits", key=first).status == 200


def test_a_code_is_good_once(desk: Desk) -> None:
    code = desk.code_for()
    assert verify(desk, code).status == 200
    reply = verify(desk, code)
    assert (reply.status, reply.error) == (
        400,
        "code: the code is wrong or has expired. Request a new one.",
    )


def test_two_at_once_make_one_workspace_with_fifty_credits(desk: Desk) -> None:
    code = desk.code_for()
    desk.see_codes_as_of_now()
    sign_in = desk.core.sign_in

    def attempt(_: int) -> str:
        try:
            return sign_in(ADA, code).secret
        except InvalidParam:
            return ""

    with ThreadPoolExecutor(8) as pool:
        keys = [secret for secret in pool.map(attempt, range(8)) if secret]
    assert len(keys) == 1
    assert len(desk.memory.identities) == 1
    assert desk.memory.wallets[Owner(parse_token(keys[0]).workspace_id, True)].granted == 50


def test_different_codes_at_once_still_make_one_workspace(desk: Desk) -> None:
    desk.core.accounts.workspace_of = lambda *_: None  # type: ignore[method-assign]
    secrets = []
    for _ in range(2):
        secrets.append(verify(desk, desk.code_for()).json)
        desk.clock.advance(60)
    owners = {parse_token(answer["api_key"]).workspace_id for answer in secrets}
    assert (len(owners), [answer["credits"] for answer in secrets]) == (1, [50, 50])


def test_after_five_wrong_codes_the_right_one_is_refused_too(desk: Desk) -> None:
    code = desk.code_for()
    for number in range(5):
        assert verify(desk, wrong(code), source=f"198.51.100.{number}").status == 400
    assert verify(desk, code).status == 400
    assert len(desk.memory.workspaces) == 1


def test_after_four_wrong_codes_the_right_one_is_taken(desk: Desk) -> None:
    code = desk.code_for()
    for _ in range(4):
        verify(desk, wrong(code))
    assert verify(desk, code).status == 200


def test_guesses_sent_all_at_once_count_like_guesses_sent_one_by_one(desk: Desk) -> None:
    code = desk.code_for()
    desk.see_codes_as_of_now()
    for number in range(40):
        assert verify(desk, wrong(code), source=f"198.51.100.{number}").status == 400
    assert verify(desk, code, source="198.51.100.99").status == 400
    assert desk.memory.codes[ADA].attempts == 5


def test_a_code_expires_after_ten_minutes(desk: Desk) -> None:
    code = desk.code_for()
    desk.clock.advance(599)
    late = desk.code_for("bob@example.com")
    assert verify(desk, code).status == 200
    desk.clock.advance(600)
    assert verify(desk, late, "bob@example.com").status == 400


def test_a_new_code_replaces_the_one_before(desk: Desk) -> None:
    first = desk.code_for()
    second = desk.code_for()
    assert first != second
    assert verify(desk, first).status == 400
    assert verify(desk, second).status == 200


def test_an_address_s_code_is_good_for_no_other(desk: Desk) -> None:
    code = desk.code_for()
    desk.code_for("bob@example.com")
    assert verify(desk, code, "bob@example.com").status == 400


def test_an_address_gets_five_mails_an_hour(desk: Desk) -> None:
    for number in range(5):
        desk.code_for(source=f"198.51.100.{number}")
        desk.clock.advance(60)
    reply = desk.post("/auth/send-code", {"email": ADA}, key=None)
    assert (reply.status, reply.headers["Retry-After"]) == (429, "3300")
    assert len(desk.mailer.letters) == 5
    desk.clock.advance(3300)
    assert desk.post("/auth/send-code", {"email": ADA}, key=None).status == 200


def test_two_requests_at_once_send_one_mail(desk: Desk) -> None:
    desk.see_codes_as_of_now()
    for _ in range(2):
        assert desk.post("/auth/send-code", {"email": ADA}, key=None).status == 200
    assert len(desk.mailer.letters) == 1


def test_when_no_mail_can_be_sent_it_says_so(desk: Desk) -> None:
    desk.mailer.down = True
    assert desk.post("/auth/send-code", {"email": ADA}, key=None).status == 503


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
def test_what_is_no_address_is_refused(desk: Desk, email: object) -> None:
    reply = desk.post("/auth/send-code", {"email": email}, key=None)
    assert (reply.status, "email" in reply.error) == (400, True)
    assert not desk.mailer.letters


@pytest.mark.parametrize(
    "email", ["a@b.co", "ada.l+x_y-z@mail.example.co.uk", "o'neil@example.com", "ADA@EXAMPLE.COM"]
)
def test_addresses_people_have_are_taken(desk: Desk, email: str) -> None:
    assert verify(desk, desk.code_for(email), email).status == 200


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "١٢٣٤٥٦", 123456, None])
def test_what_is_no_code_is_refused(desk: Desk, code: object) -> None:
    desk.code_for()
    reply = desk.post("/auth/verify", {"email": ADA, "code": code}, key=None)
    assert (reply.status, "code" in reply.error) == (400, True)


def test_codes_have_six_digits_and_use_all_of_them() -> None:
    codes = {six_digits(number.to_bytes(32)) for number in (0, 7, 999_999, 1_000_000, 2**256 - 1)}
    assert codes == {"000000", "000007", "999999", f"{(2**256 - 1) % 10**6:06d}"}
