"""Cut the portal's typeface for the web: Be Vietnam Pro, Latin and Vietnamese letters only."""

from pathlib import Path

#: CSS weight -> file of the ``fontpkg-be-vietnam-pro`` wheel.
WEIGHTS = {400: "BeVietnamPro-Regular.ttf", 600: "BeVietnamPro-SemiBold.ttf", 700: "BeVietnamPro-Bold.ttf"}

#: Code points kept: Latin, all Vietnamese marks (composed and combining), punctuation, currency, arrows.
UNICODES = (
    *range(0x0020, 0x007F),
    *range(0x00A0, 0x0180),
    *range(0x01A0, 0x01B1),
    *range(0x0300, 0x0310),
    0x0323,
    *range(0x1EA0, 0x1EFA),
    *range(0x2010, 0x2027),
    0x202F,
    0x2030,
    0x2039,
    0x203A,
    0x20AB,
    0x20AC,
    0x2122,
    *range(0x2190, 0x2194),
    0x2212,
    0x2248,
    0x2260,
    0x2264,
    0x2265,
)


def build(target: Path) -> None:
    """Write ``be-vietnam-pro-<weight>.woff2`` for each weight into ``target``.

    A file that is already there is left alone, so every call after the first costs nothing.
    The licence (OFL) travels with the fonts.
    """
    missing = {weight: name for weight, name in WEIGHTS.items() if not _path(target, weight).exists()}
    if not missing:
        return

    import fontpkg_be_vietnam_pro as wheel  # slow imports stay out of the everyday start

    target.mkdir(parents=True, exist_ok=True)
    (target / "be-vietnam-pro-LICENSE.txt").write_bytes((wheel.ROOT / "LICENSE").read_bytes())
    for weight, name in missing.items():
        _cut(wheel.ROOT / "files" / name, _path(target, weight))


def _path(target: Path, weight: int) -> Path:
    return target / f"be-vietnam-pro-{weight}.woff2"


def _cut(source: Path, to: Path) -> None:
    from fontTools import subset

    options = subset.Options(flavor="woff2")
    options.layout_features += ["tnum"]  # figures of equal width, for tables
    font = subset.load_font(str(source), options)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=UNICODES)
    cutter.subset(font)

    unfinished = to.with_suffix(".part")  # a killed run must not leave half a font behind
    subset.save_font(font, str(unfinished), options)
    unfinished.replace(to)
