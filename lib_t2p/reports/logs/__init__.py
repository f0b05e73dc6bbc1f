"""The page of other people's logs."""
