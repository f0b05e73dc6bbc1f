"""Axes of a grid and their values."""
