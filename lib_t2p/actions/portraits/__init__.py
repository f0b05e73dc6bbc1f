"""What a person does with portraits."""
