"""Whether two pictures show the same picture, shot or face."""
