"""Portraits and tips in the Generate tab."""
