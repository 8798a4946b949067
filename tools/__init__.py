"""What builds and operates Darkroom."""
