"""The code under which anybody checks a result: a random token and four characters that catch misreading.

The token is 128 random bits: who does not hold the paper cannot guess it. The check is no secret and no key, so a
code printed today is still readable after every key of the portal has changed; it only spares a look-up for what is
mistyped. Nothing in a code tells whose result it is.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from urllib.parse import parse_qs, urlsplit

from django.conf import settings

TOKEN_LENGTH = 32
CHECK_LENGTH = 4
_GROUP = 4
_TOKEN = re.compile(r"[0-9a-f]{32}")
_SEPARATORS = re.compile(r"[\s\-–.]+")


def new_token() -> str:
    """Make the token of a result: 32 hex characters that nobody can guess."""
    return secrets.token_hex(TOKEN_LENGTH // 2)


def checksum(token: str) -> str:
    """Give the four hex characters that are printed after a token."""
    return hashlib.sha256(f"danang-result:{token}".encode()).hexdigest()[:CHECK_LENGTH]


def is_well_formed(token: str, check: str) -> bool:
    """Tell whether token and check belong together, in the same time for every answer."""
    return hmac.compare_digest(checksum(token).encode(), check.encode()) and bool(_TOKEN.fullmatch(token))


def link(token: str) -> str:
    """Give the absolute address that the QR code on a result holds."""
    return f"{settings.PORTAL_URL}/v/{token}/?c={checksum(token)}"


def printed(token: str) -> str:
    """Give the code as it stands under the QR code, in groups of four: nine of them."""
    code = token + checksum(token)
    return "-".join(code[start : start + _GROUP] for start in range(0, len(code), _GROUP))


def parse(text: str) -> tuple[str, str] | None:
    """Read token and check from a printed code or from the address in a QR code; None if it is neither.

    The host of an address is ignored: whatever is looked up is looked up here.
    """
    text = text.strip()
    if "/v/" in text:
        parts = urlsplit(text)
        token = parts.path.rstrip("/").rsplit("/", 1)[-1]
        check = parse_qs(parts.query).get("c", [""])[0]
    else:
        code = _SEPARATORS.sub("", text).lower()
        token, check = code[:TOKEN_LENGTH], code[TOKEN_LENGTH:]
    token, check = token.lower(), check.lower()
    return (token, check) if _TOKEN.fullmatch(token) and len(check) == CHECK_LENGTH else None
