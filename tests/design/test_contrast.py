"""WCAG 2.2 contrast, computed from the tokens themselves."""

from __future__ import annotations

import re

import pytest
from django.conf import settings

TEXT, LARGE_OR_CONTROL = 4.5, 3.0

PAIRS = [
    # foreground, background, least ratio
    ("ink", "paper", TEXT),
    ("ink", "ground", TEXT),
    ("ink", "sea-50", TEXT),
    ("ink", "sea-100", TEXT),
    ("ink-soft", "paper", TEXT),
    ("ink-soft", "ground", TEXT),
    ("ink-soft", "sea-50", TEXT),
    ("ink-soft", "sea-100", TEXT),
    ("sea-600", "paper", TEXT),
    ("sea-600", "ground", TEXT),
    ("sea-600", "sea-50", TEXT),
    ("sea-600", "sea-100", TEXT),
    ("sea-700", "paper", TEXT),
    ("sea-800", "sea-100", TEXT),
    ("sea-900", "ground", TEXT),
    ("sea-900", "gold", TEXT),
    ("paper", "sea-600", TEXT),
    ("paper", "sea-700", TEXT),
    ("paper", "sea-800", TEXT),
    ("paper", "sea-900", TEXT),
    ("paper", "success", TEXT),
    ("paper", "error", TEXT),
    ("gold", "sea-900", TEXT),
    ("gold-700", "gold-100", TEXT),
    *((state, f"{state}-tint", TEXT) for state in ("success", "warning", "error", "info")),
    *((state, "paper", TEXT) for state in ("success", "warning", "error", "info")),
    *(("ink", f"{state}-tint", TEXT) for state in ("success", "warning", "error", "info")),
    ("control", "paper", LARGE_OR_CONTROL),
    ("control", "ground", LARGE_OR_CONTROL),
    ("sea-900", "paper", LARGE_OR_CONTROL),  # focus ring on light grounds
    ("gold", "sea-700", LARGE_OR_CONTROL),  # focus ring on dark grounds
    ("gold", "sea-900", LARGE_OR_CONTROL),
    ("sea-600", "sea-100", LARGE_OR_CONTROL),  # progress bar on its track
]


def tokens() -> dict[str, str]:
    text = (settings.BASE_DIR / "static/css/tokens.css").read_text()
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6});", text))


def luminance(colour: str) -> float:
    shares = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_black_on_white_has_the_contrast_that_the_standard_names():
    assert contrast("#ffffff", "#000000") == pytest.approx(21)


@pytest.mark.parametrize(("foreground", "background", "least"), PAIRS)
def test_a_pair_of_colours_in_use_reaches_aa(foreground, background, least):
    colours = tokens()

    assert contrast(colours[foreground], colours[background]) >= least
