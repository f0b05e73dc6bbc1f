"""What a person does with sweeps and searches."""
