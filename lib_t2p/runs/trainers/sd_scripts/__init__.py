"""kohya-ss/sd-scripts as a trainer: a program of its own, launched, watched and resumed."""
