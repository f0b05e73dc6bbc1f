"""The option table: one dataclass field per sd-scripts option."""
