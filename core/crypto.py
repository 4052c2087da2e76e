"""Encryption of single fields and keyed digests to find them again.

AES-256-GCM with a random nonce of 12 bytes in front; the key is ``settings.FIELD_KEY`` (32 bytes).
"""

from __future__ import annotations

import hashlib
import hmac
import os

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

_NONCE = 12


def encrypt(text: str) -> bytes:
    """Encrypt a text; equal texts give different bytes."""
    nonce = os.urandom(_NONCE)
    return nonce + AESGCM(settings.FIELD_KEY).encrypt(nonce, text.encode(), None)


def decrypt(blob: bytes) -> str:
    """:raises cryptography.exceptions.InvalidTag: the blob was altered or made with another key."""
    return AESGCM(settings.FIELD_KEY).decrypt(bytes(blob[:_NONCE]), bytes(blob[_NONCE:]), None).decode()


def digest(text: str) -> str:
    """Give the keyed digest (64 hex characters) under which an encrypted value is found again."""
    return hmac.new(settings.FIELD_KEY, text.encode(), hashlib.sha256).hexdigest()
