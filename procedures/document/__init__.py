"""A whole procedure as one readable document: for review, for version control, and to move between cities.

The same document is what the designer edits, what a clone is made from, and what two versions are compared by.
"""

from procedures.document.comparing import Difference, differences
from procedures.document.merging import Key, taken
from procedures.document.reading import of_version
from procedures.document.shape import FORMAT, parse
from procedures.document.text import MOST_BYTES, from_yaml, to_yaml
from procedures.document.writing import without_strangers, write

__all__ = [
    "FORMAT",
    "MOST_BYTES",
    "Difference",
    "Key",
    "differences",
    "from_yaml",
    "of_version",
    "parse",
    "taken",
    "to_yaml",
    "without_strangers",
    "write",
]
