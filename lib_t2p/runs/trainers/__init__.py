"""The programs that train: sd-scripts and the built-in one."""
