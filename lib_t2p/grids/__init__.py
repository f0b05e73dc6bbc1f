"""Saved models by axes: plan, cells, and how they are painted."""
