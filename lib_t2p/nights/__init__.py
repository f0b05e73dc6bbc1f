"""From photos to a report in one night: what was asked for, where it stands, who is told."""
