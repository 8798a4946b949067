"""What renders, batches and rows are called, and how they are found by it."""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any

import pytest

from darkroom.domain.errors import InvalidParam
from darkroom.domain.ids import is_uuid
from darkroom.domain.jobs.spec import PNG
from darkroom.domain.renders.batches import (
    MAX_ROWS,
    ROWS_AT_ONCE,
    batch_id,
    chunk_id,
    manifest,
    manifest_lines,
    row_id,
    row_ids,
    row_place,
)
from darkroom.domain.renders.names import MEDIA, encoding, fields_hash, image_key, media_of, payload_key

TEMPLATE = "ee3a339f-2826-406c-a6e4-04b9a7b4d373"
NEW_ID = "01950000-0000-7000-8000-0123456789ab"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ({"a": {"text": "x"}, "b": {"value": 4}}, {"b": {"value": 4.0}, "a": {"text": "x"}}, True),
        ({"a": {"text": "x", "src": None}}, {"a": {"text": "x"}}, True),
        (
            {"a": {"runs": [{"text": "x", "fontSize": 9}]}},
            {"a": {"runs": [{"text": "x", "fontSize": 9.0}]}},
            True,
        ),
        ({"a": {"runs": [{"text": "x", "color": None}]}}, {"a": {"runs": [{"text": "x"}]}}, True),
        (
            {"a": {"runs": [{"text": "x"}, {"text": "y"}]}},
            {"a": {"runs": [{"text": "y"}, {"text": "x"}]}},
            False,
        ),
        ({"a": {"runs": {"b": "x", "c": "y"}}}, {"a": {"runs": {"c": "y", "b": "x"}}}, True),
        ({"a": {"text": "4"}}, {"a": {"value": 4}}, False),
        ({"a": {"text": "x"}}, {"b": {"text": "x"}}, False),
        ({"a": {"text": "x"}}, {}, False),
        ({"a": {"text": "é"}}, {"a": {"text": "e\u0301"}}, False),
    ],
)
def test_a_payload_is_known_by_its_content_not_by_its_spelling(one: Any, other: Any, same: bool) -> None:
    assert (payload_key(one, 1) == payload_key(other, 1.0)) is same


@pytest.mark.parametrize(
    "payload",
    [
        {"a": json.loads("[" * 900 + "]" * 900)},
        {"a": {"runs": json.loads('{"b":' * 900 + "[]" + "}" * 900)}},
        {"a": {"value": float("nan")}},
        {"a": {"value": float("inf")}},
        {"a": {"value": 10**400}},
        {"\ud800": {"text": "\ud800"}},
        {"a": None, "b": [], "c": True},
    ],
)
def test_any_json_has_a_key_before_anybody_judged_it(payload: Any) -> None:
    assert re.fullmatch("[0-9a-f]{64}", payload_key(payload, 10**400))


def test_a_picture_is_named_by_all_that_makes_it_what_it_is() -> None:
    contents = [
        (TEMPLATE, 1, payload_key({}, 1), True),
        (TEMPLATE, 1, payload_key({}, 1), False),
        (TEMPLATE, 1, payload_key({}, 2), True),
        (TEMPLATE, 2, payload_key({}, 1), True),
        (NEW_ID, 1, payload_key({}, 1), True),
    ]
    hashes = [fields_hash(*content) for content in contents]
    assert len(set(hashes)) == len(contents)
    assert all(re.fullmatch("[0-9a-z]{16}", name) for name in hashes)
    assert image_key(TEMPLATE, hashes[0]) == f"img/t/{TEMPLATE}/{hashes[0]}.png"


def test_a_render_s_name_cannot_be_told_from_its_content_alone() -> None:
    content = (TEMPLATE, 1, payload_key({}, 1), True)
    salted = [fields_hash(*content, salt) for salt in ("a" * 64, "b" * 64)]
    assert len({fields_hash(*content), *salted}) == 3
    assert all(re.fullmatch("[0-9a-z]{16}", name) for name in salted)
    assert fields_hash(*content, "a" * 64) == salted[0]


def test_a_row_leads_back_to_its_batch() -> None:
    batch = batch_id(NEW_ID)
    ids = row_ids(batch, MAX_ROWS)
    assert len(set(ids)) == MAX_ROWS
    assert all(is_uuid(one) for one in (batch, *ids))
    assert [row_place(one) for one in ids] == [(batch, index) for index in range(MAX_ROWS)]
    assert row_id(batch, 0).endswith("001")


@pytest.mark.parametrize("text", ["", "x", batch_id(NEW_ID), NEW_ID.upper(), NEW_ID + "1"])
def test_what_is_no_row_leads_nowhere(text: str) -> None:
    assert row_place(text) is None


def test_chunks_of_one_batch_are_named_the_same_every_time() -> None:
    batch = batch_id(NEW_ID)
    assert chunk_id(batch, 3) == chunk_id(batch, 3)
    assert len({chunk_id(batch, number) for number in range(40)}) == 40


def test_a_manifest_holds_distinct_payloads_and_says_where_each_is() -> None:
    payloads = [{"a": {"text": f"line {index % 60}\n\u2028"}} for index in range(130)]
    made = manifest(payloads, 1)
    assert made.distinct == 60
    assert [rows for rows, _, _ in made.chunks] == [ROWS_AT_ONCE, ROWS_AT_ONCE, 10]
    lines = [
        line
        for _, offset, length in made.chunks
        for line in manifest_lines(made.body[offset : offset + length])
    ]
    assert [lines[place] for place in made.rows] == payloads


def test_a_png_is_called_what_it_was_before_there_was_anything_else() -> None:
    filled = {"a": {"text": "x"}}
    assert (
        payload_key(filled, 1)
        == payload_key(filled, 1.0, PNG)
        == payload_key(filled, 1, encoding("png", None))
    )
    written = json.dumps([filled, 1], sort_keys=True, separators=(",", ":"))
    assert payload_key(filled, 1) == hashlib.sha256(written.encode()).hexdigest()
    assert image_key(TEMPLATE, "h") == f"img/t/{TEMPLATE}/h.png"


def test_every_encoding_has_names_of_its_own() -> None:
    written = [
        encoding("png", None),
        *(encoding(name, it) for name in ("jpeg", "webp", "pdf") for it in (None, 1)),
    ]
    assert len({payload_key({}, 1, each) for each in written}) == len(written) == 7
    assert encoding("jpeg", None) == encoding("jpeg", 85)
    with pytest.raises(InvalidParam, match="quality"):
        encoding("png", 85)


@pytest.mark.parametrize("format", MEDIA)
def test_a_name_says_what_was_written(format: Any) -> None:
    assert media_of(image_key(TEMPLATE, "h", encoding(format, None))) == MEDIA[format]
