"""Shares in per cent, as people read them."""


def per_cent(part: int, whole: int) -> int:
    """So many of so many as a whole number of hundredths; a half is rounded up, and of nothing it is 0."""
    return (200 * part + whole) // (2 * whole) if whole else 0
