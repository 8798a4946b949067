"""Small work on pictures for the worker that calls vendors: what they need prepared, never what we make ourselves."""
