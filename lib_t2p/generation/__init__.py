"""Prompts, grids, scores, verdict, report."""
