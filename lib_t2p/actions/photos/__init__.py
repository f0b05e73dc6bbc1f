"""What a person does with people, photos and datasets."""
