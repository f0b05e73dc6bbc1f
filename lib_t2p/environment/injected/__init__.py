"""Files that run inside an environment of sd-scripts: copied or started there, not imported."""
