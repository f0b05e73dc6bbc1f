"""The main job on a free portrait, end to end."""
