"""Texts that are written in Vietnamese and in English."""

from __future__ import annotations

from django.utils.translation import get_language


def worded(vietnamese: str, english: str, language: str = "") -> str:
    """Give a text in English, where that is asked for and written, else in Vietnamese; by default as the reader reads."""
    return ((language or get_language()) == "en" and english) or vietnamese
