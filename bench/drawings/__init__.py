"""Whether drawings look the same cleaned as they do to the engine that draws them."""
