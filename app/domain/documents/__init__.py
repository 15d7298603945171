"""Documented information: versions and their steps, who acknowledges them, reviews, coverage of clauses."""
