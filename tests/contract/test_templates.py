"""Templates: versions, what stays of old ones, lists."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import pytest

from darkroom.adapters.dynamodb import keys
from darkroom.adapters.dynamodb.keys import Tables
from darkroom.adapters.dynamodb.marshal import from_image, to_image
from darkroom.adapters.dynamodb.templates import DynamoTemplates
from darkroom.domain.errors import InvalidParam
from darkroom.domain.fonts.font import pinned
from darkroom.domain.paging import PageRequest
from darkroom.domain.templates.definition import MAX_DEFINITION_BYTES, definition_json, parse_definition
from darkroom.domain.templates.template import Template
from darkroom.domain.writes import (
    CountTemplate,
    DeleteTemplate,
    RetireTemplate,
    SaveTemplate,
    UncountTemplate,
    WriteRefused,
)
from tests.contract.conftest import Ports
from tests.contract.examples import MINUTE, NOW, OWNER, STRANGER, TEST_OWNER, font, object_id, template

SOON = NOW + 60 * MINUTE


def saved(ports: Ports, *numbers: int, **changes: Any) -> None:
    for number in numbers:
        ports.store.commit(SaveTemplate(template(number, **changes)))


def replaced(ports: Ports, before: Template, **changes: Any) -> Template:
    after = before.changed(NOW + MINUTE, **changes)
    ports.store.commit(SaveTemplate(after), RetireTemplate(before, SOON))
    return after


def listed(ports: Ports, page: PageRequest | None = None) -> tuple[list[int], bool]:
    found = ports.templates.list(OWNER, page or PageRequest())
    return [int(item.id[-12:], 16) for item in found.items], found.has_more


def test_a_template_comes_back_as_it_was_saved(ports: Ports) -> None:
    saved(ports, 1)
    assert ports.templates.get(OWNER, object_id(1)) == template(1)
    assert ports.templates.get(STRANGER, object_id(1)) is None
    assert ports.templates.get(TEST_OWNER, object_id(1)) is None
    assert ports.templates.version(STRANGER, object_id(1), 1) is None


def test_a_version_keeps_the_fonts_it_was_made_with(ports: Ports) -> None:
    first = template(fonts=pinned([font(1), font(2)]))
    second = replace(first, version=2, fonts=())
    ports.store.commit(SaveTemplate(first))
    assert ports.templates.get(OWNER, first.id) == first
    ports.store.commit(SaveTemplate(second), RetireTemplate(first, NOW + MINUTE))
    assert ports.templates.get(OWNER, first.id) == second
    assert ports.templates.version(OWNER, first.id, 1) == first


def test_the_largest_document_fits(ports: Ports) -> None:
    text = {"type": "text", "x": 0, "y": 0, "width": 9, "height": 9, "text": "字" * 3200}
    data = {
        "canvas": {"width": 9, "height": 9},
        "elements": [text | {"id": f"e{number}"} for number in range(19)],
    }
    large = template(document=parse_definition(data))
    assert len(str(definition_json(large.document)).encode()) > 0.9 * MAX_DEFINITION_BYTES
    ports.store.commit(SaveTemplate(large))
    replaced(ports, large)
    assert ports.templates.version(OWNER, large.id, 1) == large


def test_a_change_follows_the_version_it_was_made_from(ports: Ports) -> None:
    saved(ports, 1)
    second = replaced(ports, template(1), name="Second")
    assert ports.templates.get(OWNER, second.id) == second
    rival = template(1).changed(NOW, name="Rival")
    with pytest.raises(WriteRefused) as refused:
        ports.store.commit(SaveTemplate(rival), RetireTemplate(template(1), SOON))
    assert (refused.value.write, refused.value.current) == (SaveTemplate(rival), 2)


@pytest.mark.parametrize("version", [1, 3])
def test_only_what_follows_the_stored_version_is_saved(ports: Ports, version: int) -> None:
    saved(ports, 1)
    with pytest.raises(WriteRefused) as refused:
        ports.store.commit(SaveTemplate(template(1, version=version)))
    assert refused.value.current == 1


def test_a_deleted_template_is_not_brought_back_by_a_change(ports: Ports) -> None:
    with pytest.raises(WriteRefused) as refused:
        ports.store.commit(SaveTemplate(template(1, version=2)))
    assert refused.value.current == 0


def test_every_version_that_was_current_is_found_by_its_number(ports: Ports) -> None:
    saved(ports, 1)
    second = replaced(ports, template(1), name="Second")
    third = replaced(ports, second, document=replace(template(1), name="x").document)
    found = [ports.templates.version(OWNER, third.id, number) for number in (1, 2, 3, 4)]
    assert found == [template(1), second, third, None]


def test_a_deleted_template_is_gone_but_its_version_stays_for_who_works_with_it(ports: Ports) -> None:
    saved(ports, 1, 2)
    gone = template(1)
    ports.store.commit(DeleteTemplate(OWNER, gone.id, 1), RetireTemplate(gone, SOON))
    assert ports.templates.get(OWNER, gone.id) is None
    assert ports.templates.version(OWNER, gone.id, 1) == gone
    assert listed(ports) == ([2], False)


def test_deleting_another_version_than_was_seen_is_refused(ports: Ports) -> None:
    saved(ports, 1)
    second = replaced(ports, template(1), name="Second")
    with pytest.raises(WriteRefused) as refused:
        ports.store.commit(DeleteTemplate(OWNER, second.id, 1))
    assert refused.value.current == 2
    with pytest.raises(WriteRefused) as refused:
        ports.store.commit(DeleteTemplate(OWNER, object_id(7), 1))
    assert refused.value.current == 0
    assert ports.templates.get(OWNER, second.id) == second


def test_lists_are_of_one_owner_newest_first_and_without_old_versions(ports: Ports) -> None:
    saved(ports, *range(1, 6))
    saved(ports, 6, owner=STRANGER)
    saved(ports, 7, owner=TEST_OWNER)
    replaced(ports, template(2), name="Second")
    assert listed(ports) == ([5, 4, 3, 2, 1], False)
    assert listed(ports, PageRequest(limit=2)) == ([5, 4], True)
    assert listed(ports, PageRequest(limit=3, after=object_id(4))) == ([3, 2, 1], False)
    assert listed(ports, PageRequest(limit=2, newest_first=False)) == ([1, 2], True)
    found = ports.templates.list(OWNER, PageRequest()).items[3]
    assert (found.name, found.version) == ("Second", 2)


def test_only_old_versions_expire(dynamo_ports: Ports, dynamodb: Any, tables: Tables) -> None:
    saved(dynamo_ports, 1)
    replaced(dynamo_ports, template(1), name="Second")

    def row(key: keys.Key) -> Any:
        return from_image(dynamodb.get_item(TableName=tables.assets, Key=to_image(key))["Item"])

    assert "expires_at" not in row(keys.template(OWNER, object_id(1)))
    assert row(keys.old_template(OWNER, object_id(1), 1))["expires_at"] == math.ceil(SOON.timestamp())


def test_a_version_that_is_retired_while_it_is_read_is_found(
    dynamo_ports: Ports, dynamodb: Any, tables: Tables
) -> None:
    class Torn:
        """Reads the old versions' rows before a change and the current one's after it."""

        def __getattr__(self, name: str) -> Any:
            return getattr(dynamodb, name)

        def batch_get_item(self, **request: Any) -> Any:
            answer = dynamodb.batch_get_item(**request)
            rows = answer["Responses"][tables.assets]
            rows[:] = [row for row in rows if row["sk"]["S"] == "CURRENT"]
            return answer

    saved(dynamo_ports, 1)
    replaced(dynamo_ports, template(1), name="Second")
    torn: Any = Torn()
    assert DynamoTemplates(torn, tables.assets).version(OWNER, object_id(1), 1) == template(1)


def test_a_list_does_not_begin_after_a_template_that_is_not_there(ports: Ports) -> None:
    with pytest.raises(InvalidParam) as refused:
        listed(ports, PageRequest(after=object_id(4)))
    assert refused.value.param == "starting_after"


def test_templates_are_counted_up_to_a_limit(ports: Ports) -> None:
    for _ in range(2):
        ports.store.commit(CountTemplate(OWNER, 2))
    with pytest.raises(WriteRefused) as refused:
        ports.store.commit(CountTemplate(OWNER, 2))
    assert refused.value.current == 2
    ports.store.commit(UncountTemplate(OWNER))
    ports.store.commit(CountTemplate(OWNER, 2))
    ports.store.commit(CountTemplate(STRANGER, 1), UncountTemplate(TEST_OWNER))
