"""What a person does with grids, votes and verdicts."""
