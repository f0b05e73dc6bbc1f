"""The built-in LoRA trainer."""
