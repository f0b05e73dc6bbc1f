"""Minutes, memory and disk of a training, each with the source of its numbers."""
