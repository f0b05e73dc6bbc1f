"""Checkpoint loading, prompt encoding and sampling with diffusers."""
