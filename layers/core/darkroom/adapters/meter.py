"""Metrics as CloudWatch reads them from a function's log: each in a line of its own, in the embedded format."""

from __future__ import annotations

from aws_lambda_powertools.metrics import MetricUnit, single_metric


class EmfMeter:
    """Writes metrics into the log."""

    def count(self, name: str, **dimensions: str) -> None:
        """Count one."""
        _write(name, MetricUnit.Count, 1, dimensions)

    def took(self, name: str, milliseconds: float, **dimensions: str) -> None:
        """Note how long something took."""
        _write(name, MetricUnit.Milliseconds, milliseconds, dimensions)


def _write(name: str, unit: MetricUnit, value: float, dimensions: dict[str, str]) -> None:
    with single_metric(name=name, unit=unit, value=value) as metric:
        for dimension, of in dimensions.items():
            metric.add_dimension(name=dimension, value=of)
