"""Manifests: CSV or JSONL files whose rows become renders or generations."""
