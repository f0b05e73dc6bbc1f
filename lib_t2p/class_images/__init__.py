"""Painting regularisation images: pictures of the class by the base checkpoint."""
