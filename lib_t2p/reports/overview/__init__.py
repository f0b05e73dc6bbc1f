"""Pages that join what the rooms know: of a run, of a sweep, of a person, of a night."""
