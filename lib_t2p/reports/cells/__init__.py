"""`cells.html`: all cells of a grid as one page."""
