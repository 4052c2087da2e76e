"""What stands beside a procedure, and changes without a new version of it: guides, obstacles on the way online, figures."""

from __future__ import annotations

from pathlib import PurePath

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import TimeStamped
from procedures.states import BlockerKind, GuideKind, GuideState, ProcedureEventKind


def guide_path(guide: Guide, filename: str) -> str:
    """Name a file of a guide on the disk: by its content, so that the name says nothing."""
    return f"guides/{guide.procedure_id}/{PurePath(filename).name}"


class Guide(TimeStamped):
    """Hồ sơ mẫu, video hướng dẫn, liên kết: what shows people how to file (TT 01/2018, art. 5).

    ``source`` is what was uploaded and nobody but the worker reads it; ``file`` is what people get: a sample with the
    mark MẪU on each page, a video as it came. A guide that takes the place of another one (``replaces``) is shown from
    the moment it is ready; until then the other one stays.
    """

    procedure = models.ForeignKey("procedures.Procedure", on_delete=models.PROTECT, related_name="guides")
    kind = models.CharField(max_length=8, choices=GuideKind)
    state = models.CharField(max_length=12, choices=GuideState, default=GuideState.WAITING, editable=False)
    position = models.PositiveSmallIntegerField()
    title = models.CharField(_("tên"), max_length=160)
    title_en = models.CharField(_("tên tiếng Anh"), max_length=160, blank=True)
    url = models.URLField(_("địa chỉ"), max_length=500, blank=True)
    transcript = models.TextField(_("lời trong video"), blank=True)
    captions = models.TextField(_("phụ đề"), blank=True, help_text="WebVTT, as it is given to the browser.")
    source = models.FileField(upload_to=guide_path, blank=True)
    file = models.FileField(upload_to=guide_path, blank=True)
    poster = models.FileField(upload_to=guide_path, blank=True)
    media_type = models.CharField(max_length=64, blank=True)
    name = models.CharField(max_length=120, blank=True, help_text="Under which people save it.")
    size = models.PositiveBigIntegerField(default=0, help_text="Bytes of what people get.")
    pages = models.PositiveSmallIntegerField(null=True, blank=True)
    seconds = models.PositiveIntegerField(null=True, blank=True)
    source_sha256 = models.CharField(max_length=64, blank=True)
    sha256 = models.CharField(max_length=64, blank=True, help_text="Of what people get.")
    problem = models.TextField(blank=True, help_text="Why it cannot be shown.")
    replaces = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="replacements"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=GuideKind.LINK) ^ Q(url=""), name="procedures_guide_link_has_url"
            )
        ]
        indexes = [
            models.Index(fields=["procedure", "position", "id"], name="procedures_guides_in_order"),
            models.Index(
                fields=["id"], condition=Q(state=GuideState.WAITING), name="procedures_guides_waiting"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Blocker(TimeStamped):
    """Vướng mắc: what keeps a procedure from being filed online as a whole, and what is planned against it.

    ``legal_text`` is the article that asks for it. The plan is a day and the agency that answers for it.
    """

    procedure = models.ForeignKey("procedures.Procedure", on_delete=models.PROTECT, related_name="blockers")
    kind = models.CharField(_("vướng mắc"), max_length=20, choices=BlockerKind)
    legal_text = models.CharField(_("căn cứ pháp lý"), max_length=500)
    plan = models.TextField(_("cách gỡ"))
    planned_on = models.DateField(_("ngày hoàn thành"), null=True, blank=True)
    agency = models.ForeignKey(
        "agencies.Agency",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("cơ quan chịu trách nhiệm"),
    )
    resolved_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["procedure", "kind"],
                condition=Q(resolved_at=None),
                name="procedures_one_open_blocker_of_a_kind",
            )
        ]


class ProcedureEvent(models.Model):
    """Nhật ký của thủ tục: who did what beside its versions; append-only (a trigger refuses change and removal)."""

    procedure = models.ForeignKey("procedures.Procedure", on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=24, choices=ProcedureEventKind)
    at = models.DateTimeField()
    actor_user_id = models.PositiveBigIntegerField(null=True)
    actor_name = models.CharField(max_length=200)
    reason = models.TextField(blank=True)
    data = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["procedure", "-id"], name="procedures_event_order")]


class ProcedureFigures(models.Model):
    """Số liệu của thủ tục: what really became of its dossiers in the year before ``computed_at``.

    ``times`` says for each channel how long the processing took, the applicant's own time left out:
    ``[{"channel": "online", "dossiers": 57, "half": 14.5, "most": 22.0, "nearly_all": 30.25}]``: median, 80 % and 90 %, in
    working hours. A channel with too few dossiers is not in it. ``begun`` are the dossiers that people began online in the
    last 90 days, ``dropped`` those of them that lie untouched and were never filed.
    """

    procedure = models.OneToOneField(
        "procedures.Procedure", primary_key=True, on_delete=models.CASCADE, related_name="figures"
    )
    computed_at = models.DateTimeField()
    filed = models.PositiveIntegerField(default=0)
    processed = models.PositiveIntegerField(default=0)
    on_time = models.PositiveIntegerField(default=0)
    times = models.JSONField(default=list)
    supplemented = models.PositiveIntegerField(default=0)
    begun = models.PositiveIntegerField(default=0)
    dropped = models.PositiveIntegerField(default=0)
