"""Recipe, checked settings, run, LoRA."""
