"""The worker that makes pixels."""
