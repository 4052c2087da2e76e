"""What the stand-in keeps in its folder: keys, and the accounts and the client that it knows."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.contrib.auth.hashers import PBKDF2PasswordHasher


class QuickHasher(PBKDF2PasswordHasher):
    algorithm = "pbkdf2_quick"
    iterations = 1000


def secret_key(folder: Path) -> str:
    return _kept(folder / "secret-key", lambda: secrets.token_urlsafe(50))


def private_key(folder: Path) -> str:
    """Give the RSA key that signs tokens, as PEM; made at the first start."""
    return _kept(folder / "signing-key.pem", _new_private_key)


def prepare() -> None:
    """Bring tables, personas and the client up to date."""
    from allauth.idp.oidc.models import Client  # noqa: PLC0415  (settings import this module)
    from django.contrib.auth import get_user_model  # noqa: PLC0415
    from django.core.management import call_command  # noqa: PLC0415

    from simulators.vneid import configuration  # noqa: PLC0415
    from simulators.vneid.oidc import SCOPES  # noqa: PLC0415  (Django is set up before its apps are imported)
    from simulators.vneid.personas import PERSONAS  # noqa: PLC0415

    call_command("migrate", verbosity=0, interactive=False)
    for key in PERSONAS:
        get_user_model().objects.get_or_create(username=key, defaults={"password": "!"})
    client = Client.objects.filter(pk=configuration.CLIENT_ID).first() or Client(pk=configuration.CLIENT_ID)
    client.name = "Cổng dịch vụ công Đà Nẵng"
    client.set_secret(configuration.CLIENT_SECRET or secrets.token_urlsafe(32))
    client.set_redirect_uris(configuration.REDIRECT_URIS)
    client.set_scopes(list(SCOPES))
    client.save()


def _new_private_key() -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def _kept(file: Path, make: Callable[[], str]) -> str:
    if file.exists():
        return file.read_text()
    value = make()
    new = file.with_suffix(".new")
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as out:
        out.write(value)
    new.replace(file)
    return value
