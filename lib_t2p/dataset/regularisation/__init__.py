"""Regularisation images: photos or painted pictures of other people of the class."""
