"""The life of a version: draft → approved → published → superseded or abolished (domain: 3.1, 3.7)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actor import Actor
from core.errors import Conflict, InvalidInput, Text
from procedures import policies
from procedures.care.given_back import ask_about_abolition_again
from procedures.models import Procedure, ProcedureVersion
from procedures.search import counting, titles
from procedures.services.doors import NotReady, check_fileable, open_door
from procedures.services.drafts import lock_draft
from procedures.services.log import log
from procedures.states import OnlineLevel, VersionEventKind, VersionStatus


def check_approvable(version: ProcedureVersion) -> list[str]:
    """Say what the law wants that a draft does not have yet (NĐ 63/2010, art. 8.2), each with its mend."""
    wanted = (
        (version.publication_decision, _("Chưa ghi số quyết định công bố.")),
        (version.effective_from, _("Chưa ghi ngày có hiệu lực.")),
        (version.execution_sequence, _("Chưa có trình tự thực hiện.")),
        (version.authority, _("Chưa ghi cơ quan thực hiện.")),
        (version.applicant_categories, _("Chưa chọn đối tượng thực hiện.")),
        (version.levels, _("Chưa chọn cấp thực hiện.")),
        (version.channels.exists(), _("Chưa có cách thức thực hiện.")),
        (version.components.exists(), _("Chưa có thành phần hồ sơ.")),
        (version.result_types.exists(), _("Chưa có kết quả.")),
    )
    problems = [str(text) for value, text in wanted if not value]
    if version.effective_to and version.effective_from and version.effective_to < version.effective_from:
        problems.append(_("Ngày hết hiệu lực đứng trước ngày có hiệu lực. Hãy sửa một trong hai ngày."))
    return problems


@transaction.atomic
def approve(
    *,
    version_id: int,
    actor: Actor,
    at: datetime,
    reason: str = "",
    despite: Sequence[Mapping[str, Any]] = (),
) -> ProcedureVersion:
    """Find a draft good: it is no longer edited, and may be published. ``reason`` is kept in its log.

    ``despite`` is what trying the draft has found and the reason answers, as plain JSON values; it is kept as well.

    :raises NotReady: a legal part is missing, see `check_approvable`.
    :raises NoDraft: it is no draft.
    :raises NotAllowed: the actor does not look after the catalogue.
    """
    version = lock_draft(version_id=version_id, actor=actor)
    if problems := check_approvable(version):
        raise NotReady(problems)
    _move(version, VersionStatus.APPROVED)
    data = {"despite": [dict(one) for one in despite]} if despite else {}
    log(version, VersionEventKind.APPROVED, actor=actor, at=at, reason=reason, **data)
    return version


@transaction.atomic
def return_to_draft(*, version_id: int, reason: str, actor: Actor, at: datetime) -> ProcedureVersion:
    """Send an approved version back to be mended.

    :raises InvalidInput: no reason was given.
    :raises Conflict: it is not an approved one.
    :raises NotAllowed: the actor does not look after the catalogue.
    """
    version = _lock(version_id, VersionStatus.APPROVED, actor=actor)
    _require_reason(reason)
    _move(version, VersionStatus.DRAFT)
    log(version, VersionEventKind.RETURNED, actor=actor, at=at, reason=reason)
    return version


@transaction.atomic
def publish(*, version_id: int, actor: Actor, at: datetime) -> ProcedureVersion:
    """Put an approved version in force, at the earliest on its first day; the one before it is superseded.

    What was open for filing stays open where the new version can be filed as well; else its door is closed, which
    its log says. Drafts of applicants are carried over when they are opened next; dossiers stay on their version.

    :raises Conflict: it is not approved, or its first day has not come: `tick` publishes it on that day.
    :raises NotAllowed: the actor does not look after the catalogue.
    """
    version = _lock(version_id, VersionStatus.APPROVED, actor=actor)
    today = timezone.localdate(at)
    if version.effective_from and version.effective_from > today:
        raise Conflict(
            _("Phiên bản có hiệu lực từ %s và tự được công bố vào ngày đó. Không cần làm gì thêm.")
            % f"{version.effective_from:%d/%m/%Y}"
        )
    procedure = Procedure.objects.select_for_update().get(pk=version.procedure_id)
    earlier, version.procedure = procedure.current_version, procedure
    version.is_sealed = True
    _move(version, VersionStatus.PUBLISHED, "is_sealed")
    log(version, VersionEventKind.PUBLISHED, actor=actor, at=at)
    procedure.current_version = version
    procedure.save(update_fields=["current_version", "updated_at"])
    if earlier is not None and earlier.status == VersionStatus.PUBLISHED:
        _supersede(earlier, version, today=today, actor=actor, at=at)
        _take_over_hours(earlier, version, actor=actor, at=at)
        if earlier.is_fileable:
            _take_over_door(version, actor=actor, at=at)
    counting.replace_phrases(gone=earlier, come=version)
    counting.count_changed(
        before=None if earlier is None else counting.terms_of(earlier), after=counting.terms_of(version)
    )
    return version


@transaction.atomic
def abolish(
    *, version_id: int, decision: str, last_day: date, reason: str, actor: Actor, at: datetime
) -> ProcedureVersion:
    """End a procedure: it takes no dossiers from now on and stays readable; open dossiers finish under its rules.

    :raises InvalidInput: the decision or the reason is missing, or the last day lies before the first.
    :raises Conflict: it is not the published version, or an approved one waits for its day, which would bring it back.
    :raises NotAllowed: the actor does not look after the catalogue.
    """
    version = _lock(version_id, VersionStatus.PUBLISHED, actor=actor)
    waiting = version.procedure.versions.filter(status=VersionStatus.APPROVED).first()
    if waiting is not None:
        raise Conflict(
            _(
                "Phiên bản %d đã duyệt sẽ thay phiên bản này. Hãy trả lại phiên bản đó trước khi bãi bỏ thủ tục."
            )
            % waiting.version_no
        )
    problems: dict[str, list[Text]] = {}
    if not decision.strip():
        problems["decision"] = [_("Hãy ghi số quyết định bãi bỏ.")]
    if version.effective_from and last_day < version.effective_from:
        problems["last_day"] = [_("Ngày hết hiệu lực đứng trước ngày có hiệu lực. Hãy chọn ngày sau.")]
    if problems:
        raise InvalidInput(problems)
    _require_reason(reason)
    before = {
        "effective_to": version.effective_to.isoformat() if version.effective_to else None,
        "is_fileable": version.is_fileable,
        "online_level": version.online_level,
        "opens_at": version.opens_at.isoformat() if version.opens_at else None,
        "closes_at": version.closes_at.isoformat() if version.closes_at else None,
    }
    version.effective_to, version.is_fileable = last_day, False
    version.online_level = OnlineLevel.INFORMATION_ONLY
    version.opens_at = version.closes_at = None
    _move(version, VersionStatus.ABOLISHED, *_TAKEN_BACK)
    log(
        version,
        VersionEventKind.ABOLISHED,
        actor=actor,
        at=at,
        reason=reason,
        decision=decision.strip(),
        before=before,
    )
    titles.have_changed()
    return version


def why_not_reinstated(version: ProcedureVersion, *, at: datetime) -> str:
    """Say why the abolition of an abolished version stands; "" while it can be taken back. At most three queries.

    An abolition that was entered by mistake is taken back as long as nothing has followed from it. Once its last day
    has passed, people have relied on it: only a new decision brings the procedure back, with a new version.
    """
    last = version.events.order_by("-pk").first()
    if last is None or last.kind != VersionEventKind.ABOLISHED or "before" not in last.data:
        return _("Việc bãi bỏ đã có việc khác ghi sau nó, nên không bỏ được nữa.")
    if (
        version.procedure.versions.filter(version_no__gt=version.version_no)
        .exclude(status=VersionStatus.DISCARDED)
        .exists()
    ):
        return _("Thủ tục đã có phiên bản làm sau khi bãi bỏ.")
    entered_on, today = timezone.localdate(last.at), timezone.localdate(at)
    if version.effective_to and version.effective_to < today and entered_on < today:
        return _("Thủ tục đã hết hiệu lực từ sau ngày %s. Muốn có lại thì cần quyết định công bố mới.") % (
            f"{version.effective_to:%d/%m/%Y}"
        )
    return ""


@transaction.atomic
def reinstate(*, version_id: int, reason: str, actor: Actor, at: datetime) -> ProcedureVersion:
    """Take an abolition back that was entered by mistake: the version is published again, its door as it was.

    :raises InvalidInput: no reason was given.
    :raises Conflict: it is not abolished, or something has followed from it (`why_not_reinstated`).
    :raises NotAllowed: the actor does not look after the catalogue.
    """
    version = _lock(version_id, VersionStatus.ABOLISHED, actor=actor)
    Procedure.objects.select_for_update().get(pk=version.procedure_id)
    if problem := why_not_reinstated(version, at=at):
        raise Conflict(problem)
    _require_reason(reason)
    before = version.events.order_by("-pk")[0].data["before"]
    day = before["effective_to"]
    version.effective_to = date.fromisoformat(day) if day else None
    version.is_fileable, version.online_level = before["is_fileable"], before["online_level"]
    version.opens_at, version.closes_at = _moment(before, "opens_at"), _moment(before, "closes_at")
    _move(version, VersionStatus.PUBLISHED, *_TAKEN_BACK)
    log(version, VersionEventKind.REINSTATED, actor=actor, at=at, reason=reason)
    ask_about_abolition_again(version)
    titles.have_changed()
    return version


@transaction.atomic
def schedule(
    *,
    version_id: int,
    opens_at: datetime | None,
    closes_at: datetime | None,
    actor: Actor,
    at: datetime,
) -> ProcedureVersion:
    """Set when a version begins and stops to take dossiers; None takes a time back. `tick` does it then.

    :raises InvalidInput: a time has passed, or the end lies before the beginning.
    :raises Conflict: the version is superseded or abolished.
    :raises NotAllowed: the actor does not look after the catalogue.
    """
    policies.require_configure(actor)
    version = ProcedureVersion.objects.select_for_update(of=("self",)).get(pk=version_id)
    if version.status not in (VersionStatus.DRAFT, VersionStatus.APPROVED, VersionStatus.PUBLISHED):
        raise Conflict(_("Phiên bản này không còn nhận hồ sơ. Hãy hẹn giờ cho phiên bản đang công bố."))
    problems: dict[str, list[Text]] = {}
    for name, value in (("opens_at", opens_at), ("closes_at", closes_at)):
        if value is not None and value <= at:
            problems[name] = [_("Thời điểm này đã qua. Hãy chọn thời điểm sau bây giờ.")]
    if opens_at and closes_at and closes_at <= opens_at:
        problems["closes_at"] = [_("Giờ ngừng nhận phải sau giờ mở nhận. Hãy chọn lại.")]
    if problems:
        raise InvalidInput(problems)
    _set_hours(version, opens_at, closes_at, actor=actor, at=at)
    return version


def _lock(version_id: int, status: VersionStatus, *, actor: Actor) -> ProcedureVersion:
    policies.require_configure(actor)
    version = (
        ProcedureVersion.objects.select_for_update(of=("self",))
        .select_related("procedure")
        .get(pk=version_id)
    )
    if version.status != status:
        raise Conflict(
            _("Phiên bản này đang ở tình trạng “%(is)s”, không phải “%(wanted)s”. Hãy tải lại trang để xem.")
            % {"is": VersionStatus(version.status).label, "wanted": status.label}
        )
    return version


_TAKEN_BACK = ("effective_to", "is_fileable", "online_level", "opens_at", "closes_at")
"""What an abolition ends, and its reinstatement gives back."""


def _moment(before: Mapping[str, Any], name: str) -> datetime | None:
    text = before.get(name)
    return datetime.fromisoformat(text) if text else None


def _move(version: ProcedureVersion, status: VersionStatus, *columns: str) -> None:
    version.status = status
    version.save(update_fields=["status", *columns, "updated_at"])


def _require_reason(reason: str) -> None:
    if not reason.strip():
        raise InvalidInput({"reason": [_("Hãy ghi lý do.")]})


def _supersede(
    earlier: ProcedureVersion, by: ProcedureVersion, *, today: date, actor: Actor, at: datetime
) -> None:
    last_day = (by.effective_from or today) - timedelta(days=1)
    if earlier.effective_from is None or earlier.effective_from <= last_day:
        earlier.effective_to = last_day
    earlier.is_sealed = True
    _move(earlier, VersionStatus.SUPERSEDED, "effective_to", "is_sealed")
    log(earlier, VersionEventKind.SUPERSEDED, actor=actor, at=at, by_version_no=by.version_no)


def _take_over_hours(
    earlier: ProcedureVersion, version: ProcedureVersion, *, actor: Actor, at: datetime
) -> None:
    """Go on with the hours that were planned for the door, unless the new version has its own."""
    if version.opens_at is None and version.closes_at is None and (earlier.opens_at or earlier.closes_at):
        _set_hours(version, earlier.opens_at, earlier.closes_at, actor=actor, at=at)


def _set_hours(
    version: ProcedureVersion,
    opens_at: datetime | None,
    closes_at: datetime | None,
    *,
    actor: Actor,
    at: datetime,
) -> None:
    version.opens_at, version.closes_at = opens_at, closes_at
    version.save(update_fields=["opens_at", "closes_at", "updated_at"])
    log(
        version,
        VersionEventKind.SCHEDULED,
        actor=actor,
        at=at,
        opens_at=opens_at.isoformat() if opens_at else None,
        closes_at=closes_at.isoformat() if closes_at else None,
    )


def _take_over_door(version: ProcedureVersion, *, actor: Actor, at: datetime) -> None:
    problems = check_fileable(version)
    if problems:
        log(version, VersionEventKind.CLOSED, actor=actor, at=at, reason=" ".join(problems))
        return
    open_door(version, actor=actor, at=at)
