"""Addresses, each built once: a page has some thirty of them, and building one costs as much as a query."""

from typing import Any

from flask import Flask, g, has_request_context, request

_KEPT = 8192


class Site(Flask):
    """The application, which remembers the addresses that it has built."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._addresses: dict[Any, str] = {}

    def url_for(self, endpoint: str, **values: Any) -> str:
        """The address of an endpoint: it hangs on nothing but the values, the organisation and the root of the site."""
        if not has_request_context() or values.get("_external") or endpoint.startswith("."):
            return super().url_for(endpoint, **values)
        organisation = g.get("organisation")
        key = (
            endpoint,
            request.environ.get("SCRIPT_NAME"),
            organisation.slug if organisation is not None else None,
            # The type is part of it, for 1 and True are equal and read differently.
            *((name, type(value), value) for name, value in values.items()),
        )
        try:
            kept = self._addresses.get(key)
        except TypeError:
            return super().url_for(endpoint, **values)
        if kept is None:
            if len(self._addresses) >= _KEPT:
                self._addresses.clear()
            kept = self._addresses[key] = super().url_for(endpoint, **values)
        return kept
