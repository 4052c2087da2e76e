"""What a stranger with a code may see of an owner."""

_HIDDEN = "***"


def masked_name(name: str) -> str:
    """Keep the first letter of each word and the whole last one: enough to compare with an identity card.

    In Vietnamese names the given name comes last, and the family name alone tells little: half the people share
    five of them.
    """
    *others, given = name.split() or [""]
    if not others:
        return given[:1] + _HIDDEN if given else ""
    return " ".join([*(word[0] + _HIDDEN for word in others), given])
