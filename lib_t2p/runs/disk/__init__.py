"""What lies on the disk, and what of it may go: shown first, removed only when asked."""
