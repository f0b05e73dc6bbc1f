"""Photos in, training folder out."""
