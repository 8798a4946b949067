"""One card, drawn by us and by others in the same run. What came out is in docs/rendering.md."""
