"""Cells of a grid: which there are, their files, how they are painted."""
