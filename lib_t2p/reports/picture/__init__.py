"""A grid as one picture."""
