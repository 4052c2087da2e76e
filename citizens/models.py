from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from citizens.states import AccessPurpose, ActorCategory, EidLevel, Scope
from core.fields import EncryptedTextField
from core.models import TimeStamped
from core.name_words import WordsOfName


def masked(number: str) -> str:
    """Give a personal identification number as it may stand on a screen: its last three digits."""
    return f"{'•' * 9}{number[-3:]}"


class Person(TimeStamped):
    """Cá nhân: somebody with a personal identification number (số định danh cá nhân, 12 digits).

    The number is stored encrypted; ``personal_id_digest`` finds it again.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="person"
    )
    category = models.CharField(max_length=16, choices=ActorCategory, default=ActorCategory.CITIZEN)
    full_name = models.CharField(_("họ và tên"), max_length=200)
    full_name_sort = models.CharField(max_length=600, db_collation="C", editable=False, default="")
    full_name_words = WordsOfName(of="full_name")
    personal_id_number = EncryptedTextField(_("số định danh cá nhân"))
    personal_id_digest = models.CharField(max_length=64, unique=True, editable=False)
    eid_level = models.PositiveSmallIntegerField(choices=EidLevel, default=EidLevel.NONE)
    birth_on = models.DateField(null=True, blank=True)
    sex = models.CharField(max_length=8, blank=True)
    nationality = models.CharField(max_length=2, default="VN")
    address = models.CharField(_("nơi cư trú"), max_length=255, blank=True)
    phone = models.CharField(_("số điện thoại"), max_length=20, blank=True)
    email = models.EmailField(_("thư điện tử"), blank=True)
    language = models.CharField(
        _("ngôn ngữ của thông báo"), max_length=2, choices=settings.LANGUAGES, default=settings.LANGUAGE_CODE
    )

    class Meta:
        indexes = [GinIndex(fields=["full_name_words"], name="citizens_person_words")]

    def __str__(self) -> str:
        return self.full_name

    @property
    def masked_personal_id(self) -> str:
        """The number as it may stand on a screen: its last three digits."""
        number: Any = self.personal_id_number  # text, which the field keeps encrypted
        return masked(number)

    @property
    def may_file(self) -> bool:
        """Level 2 equals presenting the identity card; level 1 may look up and draft (NĐ 69/2024)."""
        return self.eid_level >= EidLevel.LEVEL_2


class Organisation(TimeStamped):
    """Tổ chức: an organisation or enterprise with its code (mã số doanh nghiệp, mã số thuế)."""

    code = models.CharField(_("mã số"), max_length=20, unique=True)
    name = models.CharField(_("tên tổ chức"), max_length=255)
    name_sort = models.CharField(max_length=800, db_collation="C", editable=False, default="")
    name_words = WordsOfName(of="name")
    address = models.CharField(max_length=255, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    email = models.EmailField(blank=True)

    class Meta:
        indexes = [GinIndex(fields=["name_words"], name="citizens_organisation_words")]

    def __str__(self) -> str:
        return self.name


class RepresentationQuerySet(models.QuerySet["Representation"]):
    def in_force(self, *, at: datetime | Now) -> RepresentationQuerySet:
        """Keep those that hold at ``at``: begun, not over and not revoked."""
        return self.filter(representation_in_force(at=at))

    def allowing(self, scope: Scope, *, at: datetime | Now) -> RepresentationQuerySet:
        """Keep those in force at ``at`` under which this may be done for the organisation."""
        return self.filter(scopes__contains=[scope]).in_force(at=at)


def representation_in_force(*, at: datetime | Now, path: str = "") -> Q:
    """Give the condition for a representation at the end of a path of relations, such as ``representations__``."""
    ends = f"{path}valid_to"
    begun = Q(**{f"{path}valid_from__lte": at, f"{path}revoked_at": None})
    return begun & (Q(**{ends: None}) | Q(**{f"{ends}__gt": at}))


class Representation(models.Model):
    """Đại diện: a person acts for an organisation, within scopes and for a time."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="representations")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="representations")
    title = models.CharField(max_length=100, blank=True)
    scopes = ArrayField(models.CharField(max_length=24), default=list)
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = RepresentationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "organisation"],
                condition=Q(revoked_at=None),
                name="citizens_one_open_representation",
            )
        ]

    @property
    def scope_labels(self) -> list[str]:
        return [str(Scope(scope).label) for scope in self.scopes]


class AccessLog(models.Model):
    """Nhật ký truy cập dữ liệu cá nhân: who read whose data, when and what for.

    Its owner sees unit and role of the reader; the name is kept for the inspection.
    """

    person = models.ForeignKey(Person, null=True, on_delete=models.CASCADE, related_name="access_log")
    organisation = models.ForeignKey(
        Organisation, null=True, on_delete=models.CASCADE, related_name="access_log"
    )
    at = models.DateTimeField()
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL)
    reader = models.CharField(max_length=200)
    reader_role = models.TextField(blank=True)
    reader_unit = models.TextField(blank=True)
    purpose = models.CharField(max_length=64)
    reference = models.CharField(max_length=64, blank=True)
    ip = models.GenericIPAddressField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["person", "-id"], name="citizens_access_person"),
            models.Index(fields=["organisation", "-id"], name="citizens_access_org"),
        ]

    def get_purpose_display(self) -> str:
        """Words for the owner; a purpose that is not in the list is shown as it stands."""
        return str(dict(AccessPurpose.choices).get(self.purpose, self.purpose))
