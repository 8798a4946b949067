"""The tree of errors: what a dialect has to answer for."""

from __future__ import annotations

from darkroom.domain import errors
from darkroom.domain.errors import DomainError, leaves


def test_the_leaves_are_the_errors_nothing_is_more_exact_than() -> None:
    found = set(leaves())
    kinds = {
        kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, DomainError)
    }
    assert {kind for kind in kinds if not kind.__subclasses__()} == {
        kind for kind in found if kind.__module__ == errors.__name__
    }
    assert errors.InvalidKey in found
    assert errors.Unauthenticated not in found


def test_the_leaves_of_a_branch_are_its_own() -> None:
    assert set(leaves(errors.QuotaError)) == {errors.InsufficientCredits, errors.FeatureQuotaExceeded}
    assert list(leaves(errors.NotFound)) == [errors.NotFound]
