"""Every page and plot that is written to disk."""
