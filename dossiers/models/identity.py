"""Whose papers an officer has looked at."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from dossiers.models.dossier import Dossier
from dossiers.models.supplements import SupplementRequest
from dossiers.states import IdPaper


class IdentityCheck(models.Model):
    """Đối chiếu giấy tờ tùy thân: who stood at the counter, which kind of paper an officer saw of them, and when.

    Neither a copy nor a number of the paper is kept. ``supplement`` is the request that the visitor came to answer;
    without one they came to file. ``authority`` names the power of attorney of somebody who acts for the owner;
    ``by_agent`` says that a postal agent saw the paper, and the officer only the agent's word for it.
    """

    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="identity_checks")
    supplement = models.ForeignKey(
        SupplementRequest, null=True, on_delete=models.PROTECT, related_name="identity_checks"
    )
    visitor_name = models.CharField(_("người đến quầy"), max_length=200)
    paper = models.CharField(_("giấy tờ đã đối chiếu"), max_length=16, choices=IdPaper)
    authority = models.CharField(_("giấy ủy quyền"), max_length=500, blank=True)
    by_agent = models.BooleanField(default=False)
    seen_by = models.ForeignKey("agencies.Officer", on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    seen_at = models.DateTimeField()
