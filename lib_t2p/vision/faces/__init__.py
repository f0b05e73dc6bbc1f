"""Faces: found, aligned, embedded, measured."""
