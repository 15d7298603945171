"""The rules: plain Python, without Flask and without a database."""
