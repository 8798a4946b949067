"""The worker that renders templates and expands batches."""
