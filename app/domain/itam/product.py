"""Products as discovery names them: one product, however its publisher's lawyers and its packagers write it."""

import re
from functools import lru_cache
from typing import NamedTuple

UNKNOWN_PUBLISHER = "Unknown publisher"
_FORMS = re.compile(
    r"[\s,]+(?:inc|incorporated|corp|corporation|co|company|ltd|limited|llc|gmbh|ag|se|kg|sa|sas|sarl|bv|b\.v|nv|oy|ab|as|"
    r"a/s|plc|pty|srl|spa|s\.p\.a|kk|foundation e\.v|e\.v|ev)\.?$"
)
LONGEST = 200
LONGEST_EDITION = 80


def folded(text: str) -> str:
    """A name in small letters and with single spaces."""
    return " ".join(text.casefold().split())


@lru_cache(maxsize=8192)
def folded_publisher(name: str) -> str:
    """A publisher without the legal form: Microsoft Corporation is Microsoft; who is unknown is nobody."""
    plain = folded(name)
    while (bare := _FORMS.sub("", plain)) != plain and bare:
        plain = bare
    return "" if plain == UNKNOWN_PUBLISHER.casefold() else plain


class ProductKey(NamedTuple):
    """By what two mentions of a product are told to be of the same; the edition is a part of the name."""

    publisher: str
    name: str


@lru_cache(maxsize=65536)
def key_of(publisher: str, name: str, edition: str = "") -> ProductKey:
    """The key of a mention: the publisher's own name before the product's is left out, as in “Adobe Acrobat”."""
    house, label = folded_publisher(publisher), folded(f"{name} {edition}")
    if house and label.startswith(f"{house} ") and len(label) > len(house) + 1:
        label = label[len(house) + 1 :]
    return ProductKey(house, label[:300])
