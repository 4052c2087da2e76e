"""Sectors by their name in the catalogue."""

from __future__ import annotations

from django.utils.text import slugify

from core.vietnamese import fold, sort_key
from procedures.models import Sector


def sector_named(name: str) -> Sector:
    """Give the sector of a name, made if it is new."""
    sector, _made = Sector.objects.get_or_create(
        name=name, defaults={"slug": _free_slug(name), "name_sort": sort_key(name)}
    )
    return sector


def _free_slug(name: str) -> str:
    base = slugify(fold(name))[:100] or "linh-vuc"
    slug, number = base, 1
    while Sector.objects.filter(slug=slug).exists():
        number += 1
        slug = f"{base}-{number}"
    return slug
