"""What every written page shares: its frame and its templates."""
