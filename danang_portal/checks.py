"""What Django's `check --deploy` cannot know: settings that are right on one machine and dangerous in production."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register


@register(Tags.security, deploy=True)
def check_demonstration(app_configs: Any, **options: Any) -> list[CheckMessage]:
    """Refuse demonstration accounts: their passwords are printed for everybody."""
    if not settings.DEMO:
        return []
    return [
        Error("DEMO is on.", hint="Leave DEMO unset: its accounts have known passwords.", id="portal.E001")
    ]


@register(Tags.security, deploy=True)
def check_identity_provider(app_configs: Any, **options: Any) -> list[CheckMessage]:
    """Refuse an identity provider whose answers anybody on the way could write."""
    if settings.VNEID_ISSUER.startswith("https://"):
        return []
    return [Error("VNEID_ISSUER is not an https address.", hint="Set the issuer's own.", id="portal.E002")]


@register(Tags.security, deploy=True)
def check_scanner(app_configs: Any, **options: Any) -> list[CheckMessage]:
    """Refuse to go without a scanner: every upload would wait in quarantine for ever."""
    if settings.CLAMD_ADDRESS:
        return []
    return [Error("CLAMD_ADDRESS is not set.", hint="Name the virus scanner as host:port.", id="portal.E003")]
