"""Finding procedures: how words are made comparable, what is indexed, and how answers are ranked."""
