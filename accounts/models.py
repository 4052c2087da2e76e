from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _


class User(AbstractUser):
    """Tài khoản đăng nhập: the key to the portal. Who its holder is stands in `citizens` or `agencies`.

    Citizens' user names are random, so that a list of accounts tells nobody's identification number.
    """

    # Django's way to take a field of an abstract model out; its stubs know only the field.
    first_name = None  # type: ignore[assignment]  # Django's way to leave an inherited field out
    last_name = None  # type: ignore[assignment]  # as above
    display_name = models.CharField(_("họ và tên"), max_length=200, blank=True)

    if TYPE_CHECKING:
        id: int

    def get_full_name(self) -> str:
        return self.display_name or self.username

    def get_short_name(self) -> str:
        return self.get_full_name()
