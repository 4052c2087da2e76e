"""A supplement in a play: asked for, answered, confirmed."""

from __future__ import annotations

import io
from datetime import timedelta

from django.utils.translation import gettext as _

from agencies.states import Role
from designer.dry_run.playing import ROLE_OF_APPLICANT, Play, label_of
from dossiers.models import DossierComponent, SupplementRequest
from dossiers.services import supplement_answers, supplement_checks, supplement_lists, supplements
from dossiers.services.supplement_lists import Wanted
from dossiers.states import ScanState, SupplementReason

_A_DAY = timedelta(days=1)
GUIDANCE = "Bản chụp bị mờ ở góc trái. Hãy chụp lại đủ bốn góc, đọc được chữ, rồi tải lên."
CORRECTION = "Nội dung trong tờ khai khác với giấy tờ. Hãy ghi đúng như giấy tờ của bạn."
SOMETHING = "Cơ quan cần hẹn bạn để kiểm tra. Hãy ghi buổi bạn có mặt."


def ask_for_list(play: Play, *, by: Role) -> None:
    """Ask for a paper and for an answer, as far as the procedure has them; else for a word."""
    request = play.do(
        _("Yêu cầu bổ sung"),
        lambda: supplements.request(
            dossier_id=play.dossier.pk, items=_wanted(play), actor=play.officer(by), at=play.at
        ),
        by=label_of(by),
    )
    play.note(_("Hạn bổ sung"), by=label_of(ROLE_OF_APPLICANT), due=request.due_at)


def answer_list(play: Play, *, content: bytes) -> None:
    """Answer every item just in time, and hand the answers in."""
    request = SupplementRequest.objects.filter(dossier_id=play.dossier.pk).latest("pk")
    applicant = play.stage.applicant
    play.wait_for(request.due_at and min(request.due_at, play.at + 3 * _A_DAY))
    for item in request.items.select_related("component").order_by("position"):
        if supplement_answers.is_file(item):
            play.do(
                _("Bổ sung “%s”") % item.name[:80],
                lambda item=item: supplement_answers.answer_file(  # type: ignore[misc]  # bound as the loop stands
                    item_id=item.pk,
                    upload=io.BytesIO(content),
                    name="bo-sung.pdf",
                    actor=applicant,
                    at=play.at,
                ),
                by=label_of(ROLE_OF_APPLICANT),
                path="uploads",
            )
        elif item.field:
            play.do(
                _("Bổ sung “%s”") % item.name[:80],
                lambda item=item: supplement_answers.answer_question(  # type: ignore[misc]  # bound as the loop stands
                    item_id=item.pk,
                    data={item.field: play.applicant.answers.get(item.field)},
                    actor=applicant,
                    at=play.at,
                ),
                by=label_of(ROLE_OF_APPLICANT),
                path=f"eform.{item.field}",
            )
        else:
            play.do(
                _("Bổ sung “%s”") % item.name[:80],
                lambda item=item: supplement_answers.answer_in_words(  # type: ignore[misc]  # bound as the loop stands
                    item_id=item.pk, text="Sáng thứ hai.", actor=applicant, at=play.at
                ),
                by=label_of(ROLE_OF_APPLICANT),
            )
    DossierComponent.objects.filter(dossier=play.dossier).update(scan_state=ScanState.CLEAN)
    play.do(
        _("Gửi bổ sung"),
        lambda: supplement_answers.hand_in(dossier_id=play.dossier.pk, actor=applicant, at=play.at),
        by=label_of(ROLE_OF_APPLICANT),
        due=request.due_at,
    )


def confirm_list(play: Play) -> None:
    play.do(
        _("Xác nhận nhận đủ bổ sung"),
        lambda: supplement_checks.confirm(
            dossier_id=play.dossier.pk, actor=play.officer(Role.ONE_STOP_OFFICER), at=play.at
        ),
        by=label_of(Role.ONE_STOP_OFFICER),
        path="clock",
        due=play.dossier.next_due_at,
    )
    play.note(_("Hẹn trả kết quả mới"), due=play.dossier.due_at)


def _wanted(play: Play) -> list[Wanted]:
    wanted = []
    paper = play.stage.version.components.filter(is_upload=True).order_by("position").first()
    if paper is not None:
        wanted.append(Wanted(reason=SupplementReason.UNREADABLE, guidance=GUIDANCE, component_id=paper.pk))
    answered = [
        one
        for one in supplement_lists.askable_fields(play.dossier)
        if play.applicant.answers.get(one.name) is not None
    ]
    if answered:
        wanted.append(
            Wanted(reason=SupplementReason.INCONSISTENT_DATA, guidance=CORRECTION, field=answered[0].name)
        )
    return wanted or [Wanted(reason=SupplementReason.OTHER, guidance=SOMETHING, name="Giờ có mặt ở nhà")]
