"""The script that makes the tiny base checkpoint from free and drawn pictures."""
