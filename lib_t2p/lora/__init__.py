"""LoRA files: header, ss_* metadata, kohya key names, the WebUI's card."""
