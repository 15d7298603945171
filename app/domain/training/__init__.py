"""Training: courses and their questions, what is due, who is competent for what."""
