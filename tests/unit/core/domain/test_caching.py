from __future__ import annotations

from darkroom.domain.caching import WeighedCache


def test_what_was_not_used_for_longest_is_forgotten_first() -> None:
    cache: WeighedCache[int, str] = WeighedCache(10, len)
    for key in (1, 2):
        cache.get(key, lambda: "xxxx")
    assert cache.get(1, lambda: "other") == "xxxx"
    cache.get(3, lambda: "xxxx")
    assert [cache.find(key) for key in (1, 2, 3)] == [("xxxx",), (), ("xxxx",)]
    assert cache.total == 8


def test_a_heavy_value_is_handed_out_and_not_kept() -> None:
    cache: WeighedCache[int, str] = WeighedCache(10, len)
    assert cache.get(1, lambda: "x" * 6) == "x" * 6
    assert cache.find(1) == ()


def test_nothing_is_a_value_too_and_counts() -> None:
    cache: WeighedCache[int, bytes | None] = WeighedCache(10, lambda data: len(data or b""), most=2)
    for key in (1, 2, 3):
        cache.put(key, None)
    assert [cache.find(key) for key in (1, 2, 3)] == [(), (None,), (None,)]


def test_of_two_values_for_one_key_the_first_is_kept() -> None:
    cache: WeighedCache[int, str] = WeighedCache(10, len)
    cache.put(1, "a")
    cache.put(1, "b")
    assert (cache.find(1), cache.total) == (("a",), 1)
    cache.clear()
    assert (cache.find(1), cache.total) == ((), 0)
