"""What a training is told: options, their checks, kohya's files, recipes."""
