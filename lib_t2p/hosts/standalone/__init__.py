"""The studio and its painter."""
