"""Templates, renders and batches."""
