"""Specs: what is asked for, in the class of its sort of job."""

from __future__ import annotations

import pytest

from darkroom.domain.jobs.spec import (
    SPECS,
    ChunkSpec,
    FilmSpec,
    ImageSpec,
    RenderSpec,
    Spec,
    TextSpec,
    spec_class,
)


def test_each_task_of_a_batch_has_its_own_prompt_and_all_others_have_the_one() -> None:
    batch = ImageSpec("all", "1:1", prompts=("first", "second"))
    assert [batch.prompt_of(index) for index in range(3)] == ["first", "second", "all"]
    assert ImageSpec("all", "1:1").prompt_of(1) == "all"
    assert FilmSpec("film", "16:9").prompt_of(1) == "film"


@pytest.mark.parametrize(
    ("kind", "settings", "sort"),
    [
        ("meme", {}, ImageSpec),
        ("video", {}, FilmSpec),
        ("analyse", {}, TextSpec),
        ("render", {"payloads": []}, RenderSpec),
        ("render", {"manifest": "batches/1"}, ChunkSpec),
        ("of another day", {}, Spec),
    ],
)
def test_a_stored_spec_is_read_as_its_jobs_kind_says(
    kind: str, settings: dict[str, object], sort: type[Spec]
) -> None:
    assert spec_class({"kind": kind, "spec": {"settings": settings}}) is sort


def test_every_kind_has_a_class_that_adds_to_what_all_have() -> None:
    assert Spec not in SPECS.values()
    assert len(SPECS) > 10
