"""The sandbox engine: real pictures without a network, a model or a bill."""
