"""The pixeldrive dialect: templates and values in, PNGs out; singly, in bulk, and for agents."""
