"""Training: courses, what is due of them, and who may do what."""
