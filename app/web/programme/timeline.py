"""Three years at a glance."""
