"""Commands, by noun."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Add every group of commands."""
