"""What somebody has let VNeID show, kept no longer than the filing needs it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from dossiers.states import VneidRegister


class VneidDocument(models.Model):
    """Giấy tờ tích hợp trên VNeID, presented by its owner for their filings until ``usable_until`` (Law 91/2025).

    ``shown_at`` is the moment of the consent. What a dossier takes from it is copied there; the row itself goes.
    """

    person = models.ForeignKey("citizens.Person", on_delete=models.CASCADE, related_name="vneid_documents")
    register = models.CharField(max_length=16, choices=VneidRegister)
    title = models.CharField(_("tên giấy tờ"), max_length=200)
    number = models.CharField(_("số"), max_length=64)
    issuer = models.CharField(_("nơi cấp"), max_length=200)
    issued_on = models.DateField(_("ngày cấp"))
    valid_to = models.DateField(_("có giá trị đến"), null=True, blank=True)
    content = models.CharField(_("nội dung"), max_length=500, blank=True)
    shown_at = models.DateTimeField()
    usable_until = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("giấy tờ xuất trình qua VNeID")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "register", "title", "number"], name="dossiers_vneid_document_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.number}"
