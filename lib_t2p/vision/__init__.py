"""What can be seen in a photo: face, identity, sharpness, hash."""
