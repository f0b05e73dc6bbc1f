"""One training: its folder, its supervision, its trainers, its disk."""
