"""The scenes that the ways are made of: filed, accepted, examined, drafted, signed, issued, handed over."""

from __future__ import annotations

import io
import secrets
from collections.abc import Callable
from typing import Any

import pikepdf
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.states import Role
from designer.dry_run.playing import ROLE_OF_APPLICANT, Halted, Play, label_of
from dossiers import papers
from dossiers.drafts import Draft, page_mark
from dossiers.models import Dossier, DossierComponent, ResultDraft, StepRecord
from dossiers.services import (
    attachments,
    drafting,
    filing,
    intake,
    issuing,
    processing,
    result_drafts,
    returning,
    steps,
)
from dossiers.services import signing as result_signing
from dossiers.states import CheckState, DraftState, HandOverMethod, ScanState
from procedures import templates
from procedures.states import CompetentAgencyRule
from procedures.trying.findings import red

NOTE = "Chạy thử quy trình nội bộ, không phải hồ sơ thật."


def file(play: Play) -> None:
    """Draft, fill in, hand in."""
    stage, by = play.stage, label_of(ROLE_OF_APPLICANT)
    play.follow(
        play.do(
            _("Bắt đầu hồ sơ"),
            lambda: drafting.start(
                version_id=stage.version.pk,
                actor=stage.applicant,
                at=play.at,
                organisation_id=stage.organisation.pk if stage.organisation else None,
            ),
            by=by,
            path="applicant_categories",
        )
    )
    for page in stage.schema.pages:
        here = {one.name for one in page.fields if one.takes_answer}
        answers = {name: play.applicant.answers.get(name) for name in here}
        play.do(
            _("Điền trang “%s”") % page.title,
            lambda page=page, answers=answers: drafting.save_page(  # type: ignore[misc]  # bound as the loop stands
                dossier_id=play.dossier.pk,
                page_id=page.id,
                data=answers,
                seen=page_mark(stage.schema, page.id, play.dossier.form_data),
                actor=stage.applicant,
            ),
            by=by,
            path=f"eform.{page.id}",
        )
    if stage.version.competent_agency_rule == CompetentAgencyRule.COMMUNE_OF_CHOICE:
        play.do(
            _("Chọn nơi tiếp nhận"),
            lambda: drafting.choose_unit(
                dossier_id=play.dossier.pk, unit_id=stage.agency.pk, actor=stage.applicant, at=play.at
            ),
            by=by,
            path="deciding",
        )
    _attach(play)
    play.do(
        _("Nộp hồ sơ"),
        lambda: filing.submit(
            dossier_id=play.dossier.pk,
            idempotency_key=secrets.token_hex(8),
            actor=stage.applicant,
            at=play.at,
            declared=play.applicant.answers,
        ),
        by=by,
        path="eform",
    )
    if play.dossier.is_bundle:
        children = play.dossier.children.count()
        play.note(_("Đã tách thành %d hồ sơ thành phần; mỗi hồ sơ đi theo thủ tục của nó.") % children)


def _attach(play: Play) -> None:
    for slot in Draft(play.dossier, play.at).slots:
        if not slot.is_required:
            continue
        play.do(
            _("Tải lên “%s”") % slot.component.name[:80],
            lambda slot=slot: attachments.attach(  # type: ignore[misc]  # bound as the loop stands
                dossier_id=play.dossier.pk,
                component=slot.component,
                upload=io.BytesIO(a_page()),
                name="chay-thu.pdf",
                actor=play.stage.applicant,
            ),
            by=label_of(ROLE_OF_APPLICANT),
            path="uploads",
        )
    clear(play.dossier)


def clear(dossier: Dossier) -> None:
    """Let the files through that the scanner has not seen: they are our own."""
    DossierComponent.objects.filter(dossier=dossier).update(scan_state=ScanState.CLEAN)


def accept(play: Play) -> None:
    """Check what came, accept it, and take it on at the agency."""
    officer = play.officer(Role.ONE_STOP_OFFICER)
    due = play.dossier.accept_due_at
    for one in play.dossier.components.filter(replaced_at=None):
        intake.check_component(component_id=one.pk, state=CheckState.CORRECT, actor=officer)
    play.do(
        _("Tiếp nhận"),
        lambda: intake.accept(dossier_id=play.dossier.pk, actor=officer, at=play.at),
        by=label_of(Role.ONE_STOP_OFFICER),
        path="channels",
        due=due,
    )
    play.note(_("Hẹn trả kết quả"), due=play.dossier.due_at)
    for step in play.dossier.steps.order_by("id"):
        play.note(_("Hạn của bước “%s”") % step.name, by=label_of(step.role), due=step.due_at)
    play.do(
        _("Nhận xử lý"),
        lambda: processing.take(dossier_id=play.dossier.pk, actor=play.officer(Role.SPECIALIST), at=play.at),
        by=label_of(Role.SPECIALIST),
        path="steps",
    )


def examine(play: Play, *, skip: bool = False) -> None:
    """Pass every step of the examination but the specialist's last, which ends with the submission."""
    while True:
        left = _left_to_examine(play)
        if not left or (
            len(left) == 1 and left[0].role == Role.SPECIALIST and not (skip and left[0].is_optional)
        ):
            break
        stage = [step for step in steps.at_work(play.dossier) if step.role in steps.EXAMINERS]
        if not stage:
            stuck = steps.at_work(play.dossier)
            play.find(
                red(
                    "step_never_done",
                    _path_of(stuck[0]) if stuck else "steps",
                    _(
                        "Quy trình dừng ở bước “%(step)s”: %(role)s không có cách nào hoàn thành bước này ở đây."
                    )
                    % {
                        "step": stuck[0].name if stuck else "–",
                        "role": label_of(stuck[0].role) if stuck else "–",
                    },
                )
            )
            raise Halted()
        step = stage[0]
        left_out = skip and step.is_optional
        play.wait_for(step.due_at)
        play.do(
            (_("Bỏ qua bước “%s”") if left_out else _("Chuyển bước “%s”")) % step.name,
            lambda step=step, left_out=left_out: steps.pass_step(  # type: ignore[misc]  # bound as the loop stands
                dossier_id=play.dossier.pk,
                step_id=step.pk,
                actor=play.officer(step.role),
                at=play.at,
                note=NOTE,
                skip=left_out,
            ),
            by=label_of(step.role),
            path=_path_of(step),
            due=step.due_at,
        )


def _left_to_examine(play: Play) -> list[StepRecord]:
    return list(play.dossier.steps.filter(finished_at=None, role__in=steps.EXAMINERS).order_by("id"))


def _path_of(step: StepRecord) -> str:
    return f"steps[{step.position - 1}]"


def draft(play: Play) -> None:
    """Fill the result's template in, with what is known first; what nobody knows is typed."""
    try:
        result_type = result_drafts.result_type_of(play.dossier)
    except result_drafts.NoTemplate as refusal:
        play.note(_("Soạn kết quả"), by=label_of(Role.SPECIALIST), ok=False, text=str(refusal))
        play.find(red("no_template", "results", str(refusal)))
        raise Halted() from refusal
    path = f"results[{result_type.position - 1}].template"
    template = templates.of_result_type(result_type)
    values = result_drafts.values_of(play.dossier, result_type)
    for one in template.fields:
        has_value = bool(values.get(one.name, "").strip())
        if one.prefill:
            play.places[f"{path}.{one.name}"] = has_value
        if has_value:
            continue
        if one.prefill and one.required:
            play.find(
                red(
                    "place_empty",
                    f"{path}.{one.name}",
                    _(
                        "“%(label)s” trong mẫu kết quả để trống với người nộp này: “%(source)s” không có câu trả lời."
                    )
                    % {"label": one.label, "source": one.prefill},
                )
            )
        if one.required or not one.prefill:
            values[one.name] = _typed(one, play)
    play.do(
        _("Soạn kết quả “%s”") % result_type.name[:80],
        lambda: result_drafts.save(
            dossier_id=play.dossier.pk, values=values, revision=0, actor=play.officer(Role.SPECIALIST)
        ),
        by=label_of(Role.SPECIALIST),
        path=path,
    )
    shown = papers.result(dossier=play.dossier, result_type=result_type, values=values)
    kept = play.keep("result.pdf", shown.body, title=shown.title)
    play.papers.append({"form": "result", "title": shown.title, "file": kept, "ok": "1"})
    submit(play)


def _typed(one: templates.TemplateField, play: Play) -> str:
    if one.type is templates.FieldType.DATE:
        return timezone.localdate(play.at).isoformat()
    return "Nội dung chạy thử"


def submit(play: Play) -> None:
    left = _left_to_examine(play)
    due = left[-1].due_at if left else None
    play.wait_for(due)
    _background(
        play,
        _("Trình ký"),
        lambda: result_drafts.request_signature(
            dossier_id=play.dossier.pk, actor=play.officer(Role.SPECIALIST), at=play.at
        ),
        lambda draft_id: result_drafts.render(draft_id=draft_id, at=play.at),
        role=Role.SPECIALIST,
        reached=DraftState.READY,
        due=due,
    )


def sign(play: Play) -> None:
    due = _due_of(play, Role.SIGNER)
    play.wait_for(due)
    _background(
        play,
        _("Ký số"),
        lambda: result_signing.request(
            dossier_id=play.dossier.pk, actor=play.officer(Role.SIGNER), at=play.at
        ),
        lambda draft_id: result_signing.sign(draft_id=draft_id, at=play.at),
        role=Role.SIGNER,
        reached=DraftState.SIGNED,
        due=due,
    )


def issue(play: Play) -> None:
    due = _due_of(play, Role.CLERK)
    play.wait_for(due)
    _background(
        play,
        _("Cấp số, phát hành"),
        lambda: issuing.request(dossier_id=play.dossier.pk, actor=play.officer(Role.CLERK), at=play.at),
        lambda draft_id: issuing.issue(draft_id=draft_id, at=play.at),
        role=Role.CLERK,
        reached=DraftState.ISSUED,
        due=due,
    )


def _due_of(play: Play, role: str) -> Any:
    step = play.dossier.steps.filter(finished_at=None, role=role).order_by("id").first()
    return step.due_at if step else None


class NotReached(Exception):
    """A background step put the draft back; the draft says why."""


def _background(
    play: Play,
    what: str,
    ask: Callable[[], Any],
    work: Callable[[int], None],
    *,
    role: str,
    reached: str,
    due: Any,
) -> None:
    """Ask for a step of the result, and do at once what the worker would do."""
    play.do(_("%s: yêu cầu") % what, ask, by=label_of(role), path="results", due=due)
    draft = ResultDraft.objects.get(dossier_id=play.dossier.pk)
    play.do(what, lambda: work(draft.pk), by=label_of(role), path="results", due=due)
    draft.refresh_from_db()
    if draft.state != reached:
        play.note(what, by=label_of(role), ok=False, text=draft.last_error)
        play.find(
            red(
                "result_not_made",
                "results",
                _("%(step)s không xong: %(why)s") % {"step": what, "why": draft.last_error},
            )
        )
        raise Halted()


def check_times(play: Play) -> None:
    """Whoever was always just in time must not have been late in the end."""
    dossier = play.dossier
    if (
        dossier.due_at is not None
        and dossier.completed_at is not None
        and dossier.completed_at > dossier.due_at
    ):
        play.find(
            red(
                "steps_too_long",
                "steps",
                _(
                    "Mọi bước đều đúng hạn mà kết quả vẫn trễ hẹn: các bước cộng lại dài hơn thời hạn. Rút ngắn các bước."
                ),
            )
        )


def hand_over(play: Play) -> None:
    play.do(
        _("Nhận kết quả điện tử"),
        lambda: returning.hand_over(
            dossier_id=play.dossier.pk,
            method=HandOverMethod.VAULT,
            actor=play.stage.applicant,
            at=play.at,
        ),
        by=label_of(ROLE_OF_APPLICANT),
    )


def check_steps(play: Play) -> None:
    for step in play.dossier.steps.filter(finished_at=None).order_by("id"):
        play.find(
            red(
                "step_never_done",
                _path_of(step),
                _(
                    "Hồ sơ đã trả kết quả mà bước “%(step)s” (%(role)s) chưa ai hoàn thành. Sửa vai trò hoặc thứ tự."
                )
                % {"step": step.name, "role": label_of(step.role)},
            )
        )


def a_page() -> bytes:
    """Make a PDF of one blank page."""
    document, out = pikepdf.new(), io.BytesIO()
    document.add_blank_page(page_size=(420, 595))
    document.save(out)
    return out.getvalue()
