"""The only room that knows the folders on disk."""
