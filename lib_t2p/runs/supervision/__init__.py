"""Watching a trainer's process: its events, its saved models, its end."""
