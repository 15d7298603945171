"""Versions of software: which is newer, and what a version covers."""

import re
from functools import lru_cache

_PIECE = re.compile(r"\d+|[a-z]+")
_DIGITS = 10
_MOST = 12
_BEFORE = {"dev": "0dev", "alpha": "1alpha", "a": "1alpha", "beta": "2beta", "b": "2beta", "rc": "3rc", "pre": "3pre",
           "preview": "3preview"}  # fmt: skip
"""What comes before the version it names: 2.0-rc1 before 2.0."""
_FINAL = "4"
_AFTER = "5"
_ZERO = f"{_AFTER}{0:0{_DIGITS}d}"


@lru_cache(maxsize=16384)
def normal_version(version: str) -> str:
    """A version as the register writes it: without a leading v, without spaces around, and never a bare 0.0 of SWID."""
    plain = " ".join(version.split())
    return re.sub(r"^(?:v|ver|version)[\s.]*(?=\d)", "", plain, flags=re.IGNORECASE)[:80]


@lru_cache(maxsize=16384)
def version_key(version: str) -> str:
    """A text that sorts as the versions do: 1.9 before 1.10, 2.0-rc1 before 2.0, 1.0 like 1.0.0; empty for none.

    Numbers compare as numbers, words as words and after a number, a sign of an unfinished version before the finished.
    At most 200 signs.
    """
    pieces = _PIECE.findall(normal_version(version).casefold())[:_MOST]
    if not pieces:
        return ""
    key: list[str] = []
    for piece in pieces:
        if piece.isdecimal():
            key.append(f"{_AFTER}{int(piece) % 10**_DIGITS:0{_DIGITS}d}")
        elif piece in _BEFORE:
            key = [*_without_zeros(key), _BEFORE[piece]]
        else:
            key.append(f"{_AFTER}{piece}"[:14])
    return ".".join([*_without_zeros(key), _FINAL])[:200]


def _without_zeros(key: list[str]) -> list[str]:
    """Zeros at the end say nothing: 1.0 is 1.0.0 is 1."""
    while len(key) > 1 and key[-1] == _ZERO:
        key = key[:-1]
    return key


def covers(through: str, version: str) -> bool:
    """Whether a version lies within what is covered “through” another: 16 covers 16.3 and 15, not 17; empty covers all.

    A version that is not known is covered: nothing says that it is newer.
    """
    limit, asked = _numbers(through), _numbers(version)
    if not limit or not asked:
        return True
    return asked[: len(limit)] <= limit


def is_older(version: str, through: str) -> bool:
    """Whether a version is older than the one that was bought, by as many numbers as that names: 15.9 before 16."""
    limit, asked = _numbers(through), _numbers(version)
    return bool(limit) and bool(asked) and asked[: len(limit)] < limit


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(piece) for piece in re.findall(r"\d+", normal_version(version)))


def key_is_covered(through_key: str, key: str) -> bool:
    """The same as `covers`, of keys: what a list compares by the thousand."""
    limit, asked = _numbers_of_key(through_key), _numbers_of_key(key)
    return not limit or not asked or asked[: len(limit)] <= limit


def key_is_older(key: str, through_key: str) -> bool:
    """The same as `is_older`, of keys."""
    limit, asked = _numbers_of_key(through_key), _numbers_of_key(key)
    return bool(limit) and bool(asked) and asked[: len(limit)] < limit


def say_key(key: str) -> str:
    """The version that a key stands for, as near as can be said: its numbers and words, without zeros at the end."""
    pieces = [str(int(piece[1:])) if piece[1:].isdecimal() else piece[1:] for piece in key.split(".")]
    return ".".join(piece for piece in pieces if piece)


@lru_cache(maxsize=8192)
def _numbers_of_key(key: str) -> tuple[int, ...]:
    return tuple(int(piece[1:]) for piece in key.split(".") if len(piece) > 1 and piece[1:].isdecimal())
