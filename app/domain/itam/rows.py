"""What a line of a file says of one row of the register, and what is wrong with it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a line of a file: its number (0 for the file as a whole), the field in words, and why."""

    line: int
    field: str
    says: str

    def __str__(self) -> str:
        where = f"Line {self.line}" if self.line else "The file"
        return f"{where}, {self.field}: {self.says}" if self.field else f"{where}: {self.says}"
