"""Giao việc kiểm tra: which officers inspect which class of results for an agency, from when to when."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency, Officer
from core.actor import Actor
from core.errors import Conflict, InvalidInput, Text
from procedures.states import InspectorClass
from results_vault import policies
from results_vault.models import InspectorPost

DECISION_LENGTH = 255


class PostEnded(Conflict):
    code = "post_ended"
    message = _("Việc kiểm tra này đã thôi từ trước. Hãy tải lại trang.")


def agencies_of(actor: Actor) -> QuerySet[Agency]:
    """Give the agencies for which the actor says who inspects."""
    return Agency.objects.filter(pk__in=actor.agencies_as(*policies.GIVERS)).order_by("name_sort", "pk")


def visible(actor: Actor) -> QuerySet[InspectorPost]:
    """Give the posts of the actor's agencies with what a page shows of them."""
    found = InspectorPost.objects.filter(agency__in=actor.agencies_as(*policies.GIVERS))
    return found.select_related("officer", "agency")


@transaction.atomic
def give(
    *,
    agency_id: int,
    login: str,
    inspector_class: str,
    decision: str,
    actor: Actor,
    at: datetime,
    valid_to: datetime | None = None,
) -> InspectorPost:
    """Let an officer inspect one class of results for an agency.

    :param login: the officer's account name. :param decision: the document by which the work was given.
    :raises NotAllowed: the actor does not say who inspects for the agency.
    :raises InvalidInput: the officer, the class, the decision or the end is wrong, or the officer has the post already.
    """
    policies.require_giver(actor, agency_id=agency_id)
    problems: dict[str, list[Text]] = {}
    officer = Officer.objects.filter(user__username__iexact=login.strip(), user__is_active=True).first()
    if officer is None:
        problems["login"] = [
            _("Không có cán bộ nào đang dùng tài khoản “%s”. Hãy kiểm tra lại tên tài khoản.") % login.strip()
        ]
    if inspector_class not in InspectorClass.values:
        problems["inspector_class"] = [_("Hãy chọn nhóm kiểm tra.")]
    if not decision.strip() or len(decision) > DECISION_LENGTH:
        problems["decision"] = [
            _("Hãy ghi số và ngày của quyết định giao việc, dài nhất %d ký tự.") % DECISION_LENGTH
        ]
    if valid_to is not None and valid_to <= at:
        problems["valid_to"] = [_("Thời điểm kết thúc đã qua. Hãy chọn thời điểm về sau, hoặc để trống.")]
    if problems or officer is None:
        raise InvalidInput(problems)
    held = InspectorPost.objects.filter(officer=officer, agency_id=agency_id, inspector_class=inspector_class)
    held_already = InvalidInput(
        {"login": [_("Cán bộ này đang được giao nhóm đó. Thôi việc đang giao trước khi giao lại.")]}
    )
    if held.in_force(at=at).exists():
        raise held_already
    try:
        with transaction.atomic():
            return held.create(
                officer=officer,
                agency_id=agency_id,
                inspector_class=inspector_class,
                decision=decision.strip(),
                valid_from=at,
                valid_to=valid_to,
                given_by=actor.display_name,
            )
    except IntegrityError:  # somebody else gave it between the two
        raise held_already from None


@transaction.atomic
def end(*, post_id: int, actor: Actor, at: datetime) -> InspectorPost:
    """End a post now; what was inspected stays recorded.

    :raises InspectorPost.DoesNotExist: none of the actor's agencies has it.
    :raises PostEnded: it has ended.
    """
    found = visible(actor).select_for_update(of=("self",)).get(pk=post_id)
    if found.valid_to is not None and found.valid_to <= at:
        raise PostEnded()
    found.valid_to, found.ended_by = at, actor.display_name
    found.save(update_fields=["valid_to", "ended_by", "updated_at"])
    return found
