"""What the tabs, the API and the shell do, once."""
