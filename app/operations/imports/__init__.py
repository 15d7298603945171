"""Imports: what a file will do is planned first, then done all or nothing, one entry of the journal a row."""

from app.operations.imports.running import Sent, carry_out, day_of, prepare

__all__ = ["Sent", "carry_out", "day_of", "prepare"]
