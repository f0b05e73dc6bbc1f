"""Short scripts that use the product from Python: `python -m examples.photos_to_dataset --help`."""
