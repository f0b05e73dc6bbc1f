"""Blind votes: pictures of two saved models side by side, nobody told which is which."""
