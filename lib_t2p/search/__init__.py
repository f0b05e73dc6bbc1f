"""Looking for the best settings of a sweep without training every run to its end."""
