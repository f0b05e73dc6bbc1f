"""Files of photos: what they are, opened upright in sRGB, written again."""
