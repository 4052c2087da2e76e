from __future__ import annotations

from datetime import date, datetime

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from agencies.states import AgencyKind, Role
from core.models import TimeStamped
from core.working_time import DayKind


class Calendar(models.Model):
    """Lịch làm việc: a unit's calendar inherits every day that it does not set itself from its parent.

    ``sessions`` are the office hours, [["07:30", "11:30"], …]; empty means the parent's, and at last the law's.
    ``version`` grows with every change, so that a process knows when its copy is old: change days only through
    `agencies.services`, which keep a history of it.
    """

    code = models.SlugField(unique=True)
    name = models.CharField(max_length=200)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT)
    sessions = models.JSONField(default=list, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    def __str__(self) -> str:
        return self.name


class CalendarDay(models.Model):
    """Một ngày khác với tuần làm việc thường.

    ``sessions`` empty means the calendar's office hours; ``provisional`` waits for the official notice.
    """

    calendar = models.ForeignKey(Calendar, on_delete=models.CASCADE, related_name="days")
    date = models.DateField()
    kind = models.CharField(max_length=24, choices=DayKind)
    name = models.CharField(max_length=200, blank=True)
    sessions = models.JSONField(default=list, blank=True)
    provisional = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["calendar", "date"], name="agencies_one_kind_a_day")]


class CalendarChange(models.Model):
    """Lịch sử thay đổi lịch: who changed which day, when, from what to what and why. Only ever added.

    ``before`` and ``after`` hold kind, name, sessions and provisional; None where the calendar has no day of its own.
    """

    calendar = models.ForeignKey(Calendar, on_delete=models.PROTECT, related_name="changes")
    date = models.DateField()
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    reason = models.CharField(max_length=500)
    at = models.DateTimeField()
    actor_user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT)
    actor_name = models.CharField(max_length=200)

    class Meta:
        indexes = [models.Index(fields=["calendar", "-id"], name="agencies_calendar_changes")]


class AgencyQuerySet(models.QuerySet["Agency"]):
    def in_force(self, *, on: date) -> AgencyQuerySet:
        """Keep the agencies that exist on a day, their first and last one included."""
        return self.filter(valid_from__lte=on).filter(Q(valid_to=None) | Q(valid_to__gte=on))


class Agency(TimeStamped):
    """Cơ quan: an agency, department or commune-level unit, with its agency code (QĐ 20/2020/QĐ-TTg)."""

    code = models.CharField(_("mã định danh"), max_length=35, unique=True)
    name = models.CharField(_("tên cơ quan"), max_length=255)
    name_sort = models.CharField(max_length=600, db_collation="C", editable=False, default="")
    kind = models.CharField(max_length=16, choices=AgencyKind)
    area_code = models.CharField(_("mã đơn vị hành chính"), max_length=5, blank=True)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    one_stop_name = models.CharField(_("bộ phận một cửa"), max_length=255, blank=True)
    address = models.CharField(max_length=255, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    calendar = models.ForeignKey(Calendar, on_delete=models.PROTECT)
    seal_key_id = models.CharField(_("khóa con dấu"), max_length=64, blank=True)
    valid_from = models.DateField(default=date(2025, 7, 1))
    valid_to = models.DateField(null=True, blank=True)
    successor = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="predecessors"
    )

    objects = AgencyQuerySet.as_manager()

    class Meta:
        verbose_name = _("cơ quan")
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="agencies_agency_validity"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def place_name(self) -> str:
        """The ward or commune by its own name ("Phường Hải Châu"), where the agency is its people's committee."""
        bare = self.name.removeprefix("Ủy ban nhân dân ")
        return bare[:1].upper() + bare[1:]


class Officer(TimeStamped):
    """Cán bộ: a person who acts for agencies, in the roles that are granted to them."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="officer")
    full_name = models.CharField(_("họ và tên"), max_length=200)
    title = models.CharField(_("chức danh"), max_length=200, blank=True)
    signing_key_id = models.CharField(_("khóa ký số"), max_length=64, blank=True)

    def __str__(self) -> str:
        return self.full_name


class OfficerRoleQuerySet(models.QuerySet["OfficerRole"]):
    def in_force(self, *, at: datetime) -> OfficerRoleQuerySet:
        """Keep the roles that are held at ``at``."""
        return self.filter(role_in_force(at=at))


def role_in_force(*, at: datetime, path: str = "") -> Q:
    """Give the condition for a role at the end of a path of relations, such as ``roles__``."""
    ends, begins = f"{path}valid_to", f"{path}valid_from__lte"
    return Q(**{begins: at}) & (Q(**{ends: None}) | Q(**{f"{ends}__gt": at}))


class OfficerRole(models.Model):
    """Vai trò được giao: one role of one officer at one agency, for a time."""

    officer = models.ForeignKey(Officer, on_delete=models.CASCADE, related_name="roles")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="officer_roles")
    role = models.CharField(max_length=32, choices=Role)
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True, blank=True)

    objects = OfficerRoleQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["officer", "agency", "role"],
                condition=Q(valid_to=None),
                name="agencies_one_open_grant",
            )
        ]


class DelegationQuerySet(models.QuerySet["Delegation"]):
    def in_force(self, *, at: datetime) -> DelegationQuerySet:
        """Keep those that hold at ``at``: begun, not over, not revoked, of a role that the officer still has."""
        held = OfficerRole.objects.filter(
            officer=OuterRef("officer"), agency=OuterRef("agency"), role=OuterRef("role")
        )
        running = self.filter(valid_from__lte=at, valid_to__gt=at)
        return running.filter(Q(revoked_at=None) | Q(revoked_at__gt=at)).filter(
            Exists(held.filter(role_in_force(at=at)))
        )


class Delegation(TimeStamped):
    """Ủy quyền khi vắng mặt: a deputy takes one role of an officer at one agency for a time.

    What the deputy does is done in the deputy's own name and with the deputy's own key.
    """

    officer = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="delegations")
    deputy = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="deputations")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="delegations")
    role = models.CharField(max_length=32, choices=Role)
    decision = models.CharField(_("văn bản ủy quyền"), max_length=255)
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = DelegationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__gt=F("valid_from")), name="agencies_delegation_ends_later"
            ),
            models.CheckConstraint(condition=~Q(officer=F("deputy")), name="agencies_deputy_is_another"),
        ]
        indexes = [models.Index(fields=["deputy", "valid_to"], name="agencies_deputations")]
