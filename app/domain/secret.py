"""Secrets that are handed out once, of which the database keeps a hash."""

import hashlib
import secrets


def new_token() -> str:
    """A secret for an address or a cookie: 256 bits."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """What the database keeps of a secret; as the secret cannot be guessed, a plain hash is enough."""
    return hashlib.sha256(token.encode()).hexdigest()
