"""A provider reads rows of its clients through one door."""

import re
from pathlib import Path

import app

CLIENTS = Path(app.__file__).parent / "web" / "clients"
DOOR = "door.py"


def test_nothing_else_of_the_provider_s_pages_opens_a_work_of_another() -> None:
    sources = {each.name: each.read_text() for each in CLIENTS.glob("*.py")}
    opens = re.compile(r"\.(?:within|across|aside|writing)\(|\bACROSS\b|\bopen_work\b|\bapp\.(?:models|extensions)\b")
    assert opens.search(sources.pop(DOOR))
    assert [name for name, source in sources.items() if opens.search(source)] == []
