"""The programs we run inside of."""
