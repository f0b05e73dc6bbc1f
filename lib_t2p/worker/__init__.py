"""The worker process: job kind to function."""
