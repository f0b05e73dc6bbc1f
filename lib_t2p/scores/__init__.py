"""Measures of cells, statistics, verdict and votes."""
