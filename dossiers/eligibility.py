"""Who may file which procedure, and on whose behalf (đối tượng thực hiện)."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from citizens.models import Organisation, Person, Representation
from citizens.states import ActorCategory, EidLevel, Scope
from core.actor import Actor
from core.errors import NotAllowed
from procedures.models import ProcedureVersion
from procedures.states import ApplicantCategory

ORGANISATIONS = frozenset(
    {
        ApplicantCategory.ENTERPRISE,
        ApplicantCategory.FOREIGN_INVESTED_ENTERPRISE,
        ApplicantCategory.COOPERATIVE,
        ApplicantCategory.ORGANISATION,
    }
)
AS_PERSON = {
    ActorCategory.CITIZEN: ApplicantCategory.CITIZEN,
    ActorCategory.FOREIGNER: ApplicantCategory.FOREIGNER,
    ActorCategory.OVERSEAS_VN: ApplicantCategory.OVERSEAS_VIETNAMESE,
}


class LevelTooLow(NotAllowed):
    """Filing needs an electronic identity of level 2 (NĐ 69/2024); drafting does not."""

    code = "eid_level_too_low"
    message = _(
        "Tài khoản định danh mức độ 1 chỉ soạn được bản nháp. Để nộp hồ sơ, hãy nâng lên mức độ 2 tại công an "
        "phường, xã nơi gần nhất (mang theo thẻ căn cước), rồi đăng nhập lại và nộp; bản nháp vẫn được giữ."
    )


class NotForOfficers(NotAllowed):
    """Only people file and follow dossiers here; officers have their desk."""

    code = "applicants_only"
    message = _("Trang này dành cho người dân và tổ chức. Hãy đăng nhập bằng VNeID để nộp và theo dõi hồ sơ.")


class NotForThisApplicant(NotAllowed):
    """The procedure is not for this kind of applicant (đối tượng thực hiện)."""

    code = "not_for_this_applicant"
    message = _(
        "Thủ tục này không dành cho người nộp đã chọn. Hãy xem mục “Đối tượng thực hiện” của thủ tục, "
        "hoặc chọn nộp thay cho tổ chức mà bạn đại diện."
    )


def require_applicant(actor: Actor) -> None:
    """:raises NotAllowed: the actor is not a person with an electronic identity."""
    if not actor.is_person:
        raise NotForOfficers()


def person_of(actor: Actor) -> Person:
    """Give the person that the actor is.

    :raises NotAllowed: the actor is not a person with an electronic identity.
    """
    if not actor.is_person or actor.person_id is None:
        raise NotForOfficers()
    return Person.objects.get(pk=actor.person_id)


def require_level_2(actor: Actor) -> None:
    """:raises LevelTooLow: the actor's electronic identity is below level 2."""
    if actor.eid_level < EidLevel.LEVEL_2:
        raise LevelTooLow()


def for_person(version: ProcedureVersion, person: Person) -> bool:
    """Say whether the person may file for themselves. A procedure that names nobody is for everybody."""
    named = frozenset(version.applicant_categories)
    own = {AS_PERSON[ActorCategory(person.category)], ApplicantCategory.OTHER}
    return not named or bool(named & own)


def for_organisations(version: ProcedureVersion) -> bool:
    """Say whether organisations may file. A procedure that names nobody is for everybody."""
    named = frozenset(version.applicant_categories)
    return not named or bool(named & (ORGANISATIONS | {ApplicantCategory.OTHER}))


def represented(actor: Actor) -> list[Organisation]:
    """List the organisations that the actor may file for today, by name."""
    if not actor.organisation_ids:
        return []
    return list(Organisation.objects.filter(pk__in=actor.organisation_ids).order_by("name_sort", "pk"))


def require(
    *, actor: Actor, version: ProcedureVersion, person: Person, organisation: Organisation | None
) -> None:
    """Let the actor file the procedure for themselves, or for the organisation.

    :raises NotForThisApplicant: the procedure is not for this kind of applicant.
    :raises NotAllowed: the actor does not represent the organisation.
    """
    if organisation is None:
        if not for_person(version, person):
            raise NotForThisApplicant()
        return
    if organisation.pk not in actor.organisation_ids:
        raise NotAllowed(
            _("Bạn không đại diện cho tổ chức này. Hãy đề nghị tổ chức cập nhật người đại diện trên VNeID.")
        )
    if not for_organisations(version):
        raise NotForThisApplicant()


def may_receive(*, actor: Actor, organisation_id: int | None, at: datetime) -> bool:
    """Say whether the actor may receive a result: one's own, or with the scope ``receive_result``."""
    if not actor.is_person or actor.person_id is None:
        return False
    if organisation_id is None:
        return True
    return receivers(organisation_id=organisation_id, at=at).filter(person_id=actor.person_id).exists()


def filers(*, organisation_id: int, at: datetime) -> QuerySet[Representation]:
    """Give the representations under which somebody may file, and add to a filing, for an organisation at ``at``."""
    return Representation.objects.filter(organisation_id=organisation_id).allowing(Scope.FILE, at=at)


def receivers(*, organisation_id: int, at: datetime) -> QuerySet[Representation]:
    """Give the representations under which somebody may receive results for an organisation at ``at``."""
    representations = Representation.objects.filter(organisation_id=organisation_id)
    return representations.allowing(Scope.RECEIVE_RESULT, at=at)
