"""The tabs; gradio only here."""
