"""The whole page: its tabs in order."""
