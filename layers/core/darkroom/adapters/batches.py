"""Cutting work into the batches AWS takes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

BATCH_COUNT = 10
BATCH_BYTES = 256 * 1024


def batched[T](items: Iterable[T], size: Callable[[T], int]) -> Iterator[list[T]]:
    """Batches in order, each of at most ten items and 256 KB by ``size``; a larger item is in one alone."""
    batch: list[T] = []
    total = 0
    for item in items:
        weight = size(item)
        if batch and (len(batch) == BATCH_COUNT or total + weight > BATCH_BYTES):
            yield batch
            batch, total = [], 0
        batch.append(item)
        total += weight
    if batch:
        yield batch
