"""Text to Person: photos of one real person in, the best LoRA and its proof out."""

__version__ = "0.3.0"
