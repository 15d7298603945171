"""A line as a reader of files finds it, and how a column is called."""

Raw = tuple[int, list[str], str]
"""Its number in the file, its cells, and what is wrong with it already."""


def column_name(place: int) -> str:
    """The letters by which spreadsheets know a column, counted from 0: A, B, … Z, AA."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
