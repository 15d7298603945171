"""The step of a form that says which column of a file means what; shown by templates/_macros/mapping.html."""

from collections.abc import Sequence

from flask import request

from app.domain.itam.mapping import Field


def asked_columns(fields: Sequence[Field]) -> dict[str, str]:
    """What the form says: the name of a field to the head of its column; what is in no column is left out."""
    said = {field.name: request.form.get(f"column-{field.name}", "") for field in fields}
    return {name: column for name, column in said.items() if column}
