"""What an officer keeps for the own desk."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import TimeStamped


class SavedFilter(TimeStamped):
    """Bộ lọc đã lưu: a list of the desk under a name of the officer's own.

    ``queue`` is the name of the list, ``query`` what stands behind the ``?`` of its address.
    """

    officer = models.ForeignKey("agencies.Officer", on_delete=models.CASCADE, related_name="saved_filters")
    name = models.CharField(_("tên bộ lọc"), max_length=60)
    queue = models.CharField(max_length=40)
    query = models.CharField(max_length=1000)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["officer", "name"], name="dossiers_one_filter_of_a_name")
        ]

    def __str__(self) -> str:
        return self.name
