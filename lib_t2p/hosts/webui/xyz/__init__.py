"""Our axes of the WebUI's own X/Y/Z plot."""
