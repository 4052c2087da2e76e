"""Every address that the portal answers, read from its URL configuration."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver


@dataclass(frozen=True, slots=True)
class Address:
    """One pattern: its full name (``desk:dossier``) and the names of its parts."""

    name: str
    parts: tuple[str, ...]


def addresses() -> list[Address]:
    """List all patterns, whoever brought them: our apps, the API, libraries."""
    return list(_below(get_resolver(), (), ()))


def _below(resolver: URLResolver, namespaces: tuple[str, ...], parts: tuple[str, ...]) -> Iterator[Address]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            inner = (*namespaces, entry.namespace) if entry.namespace else namespaces
            yield from _below(entry, inner, (*parts, *entry.pattern.converters))
        elif isinstance(entry, URLPattern):
            name = ":".join([*namespaces, entry.name or f"(no name) {entry.pattern}"])
            yield Address(name, (*parts, *entry.pattern.converters))
