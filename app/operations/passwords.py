"""Passwords: which ones are good enough, and how they are kept."""

import re
import unicodedata
from collections.abc import Collection, Iterator
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask import current_app
from zxcvbn import zxcvbn

from app.domain.explained import Reason, RefusedError

LEAST, MOST = 12, 256
"""Characters of a password."""
_LOOKED_AT = 72
"""Characters that the estimate reads: it slows down with the square of them, and these are enough to be safe."""
_ENOUGH = 3
"""Of the estimate's scores from 0 to 4: more than a hundred million guesses."""
_OF_ONE_S_OWN = 8
"""Characters that must remain when everything is taken out that others know of the person."""


def hash_password(password: str) -> str:
    """What the database keeps of a password, at the cost that the settings name."""
    return _hasher().hash(_normal(password))


def verify(kept: str | None, password: str) -> bool:
    """Whether it is the password; where none is kept, this takes as long and says no."""
    # A longer one was never accepted, and hashing a megabyte would be a way to keep the server busy.
    fits = len(password) <= MOST
    try:
        right = _hasher().verify(kept or _nobody(*_cost()), _normal(password if fits else ""))
    except (VerificationError, InvalidHashError):
        return False
    return right and fits and kept is not None


def is_outdated(kept: str) -> bool:
    """Whether it was hashed at another cost than the settings now name."""
    return _hasher().check_needs_rehash(kept)


def refuse_weak(password: str, known: Collection[str], field: str = "password") -> None:
    """A password has 12 to 256 characters, is not a common one, and is not made of what others know of the person."""
    password = _normal(password)
    if len(password) < LEAST:
        raise RefusedError(
            f"A password has at least {LEAST} characters; this one has {len(password)}. A few words in a row will do.",
            field,
        )
    if len(password) > MOST:
        raise RefusedError(f"A password has at most {MOST} characters; this one has {len(password)}.", field)
    words = sorted(set(_words(known)), key=len, reverse=True)
    rest = re.sub("|".join(map(re.escape, words)), "", password.lower()) if words else password
    if len(re.sub(r"[\W_]", "", rest)) < _OF_ONE_S_OWN and rest != password.lower():
        raise RefusedError("This password is made of your name or email address, which others know.", field)
    estimate = zxcvbn(password[:_LOOKED_AT], user_inputs=words, max_length=_LOOKED_AT)
    if estimate["score"] < _ENOUGH:
        raise RefusedError([Reason(says) for says in _why_weak(estimate)], field)


def refuse_unchanged(kept: str | None, password: str, field: str = "password") -> None:
    """A change of password takes another one than is kept."""
    if verify(kept, password):
        raise RefusedError("This is your password already. Take another one.", field)


def _why_weak(estimate: dict[str, object]) -> Iterator[str]:
    patterns = {match["pattern"] for match in estimate["sequence"]}  # type: ignore[attr-defined]
    feedback = estimate["feedback"]
    warning = str(feedback["warning"]).rstrip(".!")  # type: ignore[index]
    if "common password" in warning or "commonly used password" in warning:
        yield "This is one of the passwords that are tried first, or much like one."
    elif "repeat" in patterns:
        yield "This password repeats itself, and repeats are guessed early."
    elif "spatial" in patterns or "sequence" in patterns:
        yield "This password follows the keys or the alphabet, and such runs are guessed early."
    elif warning:
        yield f"{warning}."
    else:
        yield "This password would be guessed soon."
    yield "Take another: three or four words that nobody would put together are good."


def _words(known: Collection[str]) -> Iterator[str]:
    for text in [*known, "triennium"]:
        yield from (word for word in re.split(r"[\W_]+", text.lower()) if len(word) >= 3)


def _normal(password: str) -> str:
    """The same password from every keyboard: composed and decomposed letters are one."""
    return unicodedata.normalize("NFKC", password)


def _cost() -> tuple[int, int, int]:
    settings = current_app.extensions["settings"]
    return settings.argon2_time_cost, settings.argon2_memory_cost, settings.argon2_parallelism


def _hasher() -> PasswordHasher:
    return _made(*_cost())


@lru_cache
def _made(time_cost: int, memory_cost: int, parallelism: int) -> PasswordHasher:
    return PasswordHasher(time_cost=time_cost, memory_cost=memory_cost, parallelism=parallelism)


@lru_cache
def _nobody(time_cost: int, memory_cost: int, parallelism: int) -> str:
    """A hash of nobody's password, so that an unknown email address takes as long as a known one."""
    return _made(time_cost, memory_cost, parallelism).hash("nobody signs in with this")
