"""Programs that run inside sd-scripts' environment and import nothing of ours."""
