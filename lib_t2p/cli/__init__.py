"""The same actions as the tabs, in a shell."""
