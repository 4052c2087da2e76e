"""The doors of a procedure: what is missing before people may file, opening, closing, and the city's part."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from itertools import groupby
from operator import attrgetter

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.states import Role
from core.actor import Actor
from core.errors import Conflict, InvalidInput
from core.vietnamese import fold
from procedures import city_part, eforms, policies, templates
from procedures.city_part import CityPart
from procedures.models import ProcedureLink, ProcedureVersion, SubmissionChannel, WorkflowStep
from procedures.search import counting, titles
from procedures.services.log import log
from procedures.states import (
    NEVER_FILED,
    Channel,
    CompetentAgencyRule,
    DurationUnit,
    OnlineLevel,
    StepKind,
    VersionEventKind,
    VersionStatus,
)


class NotReady(Conflict):
    """The version cannot be filed online yet; ``problems`` says what is left to do."""

    code = "procedure_not_ready"

    def __init__(self, problems: list[str]) -> None:
        super().__init__(" ".join(problems))
        self.problems = problems


# The steps without which no dossier can be finished.
_NEEDED_STEPS = (StepKind.RECEIVE, StepKind.SIGN, StepKind.ISSUE)
# What a unit weighs in its own kind of time: working days of 8 hours, or calendar time.
_WORKING = {DurationUnit.WORKING_DAY: Decimal(8), DurationUnit.WORKING_HOUR: Decimal(1)}
_CALENDAR = {DurationUnit.DAY: Decimal(24), DurationUnit.HOUR: Decimal(1), DurationUnit.MONTH: Decimal(720)}


def check_fileable(version: ProcedureVersion) -> list[str]:
    """Say what a version lacks before people may file under it online, each with its mend; empty when nothing does."""
    problems = [
        *_status_problems(version),
        *_catalogue_problems(version),
        *_reason_problems(version),
        *_agency_problems(version),
        *_form_problems(version),
        *_limit_problems(version),
    ]
    links = list(version.links.select_related("procedure__current_version").order_by("position"))
    if links:
        # The work is done, and the results are made, in the dossiers of its parts.
        return [*problems, *_part_problems(links)]
    return [*problems, *_step_problems(version), *_result_problems(version)]


@transaction.atomic
def open_for_filing(*, version_id: int, actor: Actor, at: datetime | None = None) -> ProcedureVersion:
    """Let people file under the current version online, from start to end. ``at`` is when, else now.

    What is open already stays so, without another word in its log.

    :raises NotReady: something is missing, see `check_fileable`, or its last day has passed.
    :raises NotAllowed: the actor does not look after the catalogue.
    """
    policies.require_configure(actor)
    at = at or timezone.now()
    version = ProcedureVersion.objects.select_for_update(of=("self",)).get(pk=version_id)
    if version.is_fileable:
        return version
    problems = check_fileable(version)
    if has_ended(version, at=at):
        problems.append(
            _("Phiên bản hết hiệu lực sau ngày %s. Hãy công bố phiên bản mới rồi mở nhận.")
            % f"{version.effective_to:%d/%m/%Y}"
        )
    if problems:
        raise NotReady(problems)
    open_door(version, actor=actor, at=at)
    return version


def open_door(version: ProcedureVersion, *, actor: Actor, at: datetime) -> None:
    """Open a locked version that may be filed. The hour at which it was to open is over: nobody opens it again then."""
    version.is_fileable, version.opens_at = True, None
    version.online_level = OnlineLevel.PARTIAL_ONLINE if version.partial_reason else OnlineLevel.FULL_ONLINE
    version.is_sealed = True  # from now on dossiers stand on it
    version.save(update_fields=["is_fileable", "opens_at", "online_level", "is_sealed", "updated_at"])
    log(version, VersionEventKind.OPENED, actor=actor, at=at)
    titles.have_changed()


def has_ended(version: ProcedureVersion, *, at: datetime) -> bool:
    """Say whether the last day on which a version is in force has passed."""
    return version.effective_to is not None and version.effective_to < timezone.localdate(at)


@transaction.atomic
def close_for_filing(*, version_id: int, actor: Actor, at: datetime | None = None, reason: str = "") -> None:
    """Take no new dossiers under a version; those that are filed go on. What is shut already stays so, without a word.

    :raises NotAllowed: the actor does not look after the catalogue.
    """
    policies.require_configure(actor)
    version = ProcedureVersion.objects.select_for_update(of=("self",)).get(pk=version_id)
    if not version.is_fileable:
        return
    version.is_fileable, version.closes_at = False, None
    version.online_level = OnlineLevel.INFORMATION_ONLY
    version.save(update_fields=["is_fileable", "closes_at", "online_level", "updated_at"])
    log(version, VersionEventKind.CLOSED, actor=actor, at=at or timezone.now(), reason=reason)
    titles.have_changed()


@transaction.atomic
def add_city_part(*, version_id: int, part: CityPart, actor: Actor) -> ProcedureVersion:
    """Add what the city needs to take dossiers under a version.

    :raises Conflict: the version has its city part already; dossiers may stand on it, so it needs a new version.
    :raises InvalidInput: the e-form or a template is broken.
    :raises NotAllowed: the actor does not look after the catalogue.
    """
    policies.require_configure(actor)
    version = ProcedureVersion.objects.select_for_update(of=("self",)).get(pk=version_id)
    if city_part.has(version):
        raise Conflict(_("Phiên bản này đã được cấu hình. Hãy tạo phiên bản mới để thay đổi."))
    schema = eforms.parse(part.eform)
    for result in part.results:
        templates.parse(result.template, form_fields=frozenset(schema.fields))
    before = counting.terms_of(version)
    city_part.write(version, part)
    if version.procedure.current_version_id == version.pk:
        counting.count_changed(before=before, after=counting.terms_of(version))
    return version


def _status_problems(version: ProcedureVersion) -> list[str]:
    if version.status != VersionStatus.PUBLISHED or version.procedure.current_version_id != version.pk:
        return [_("Chỉ nhận hồ sơ theo phiên bản đang công bố. Hãy công bố phiên bản này trước.")]
    return []


def _catalogue_problems(version: ProcedureVersion) -> list[str]:
    if version.procedure.catalogue in NEVER_FILED:
        return [
            _("Thủ tục nội bộ giữa các cơ quan không nhận hồ sơ của người dân. Hãy chuyển danh mục trước.")
        ]
    return []


def _reason_problems(version: ProcedureVersion) -> list[str]:
    if version.partial_reason and not version.partial_basis.strip():
        return [
            _("Đã chọn lý do chưa toàn trình nhưng chưa ghi căn cứ pháp lý. Hãy ghi điều luật để công bố.")
        ]
    return []


def _agency_problems(version: ProcedureVersion) -> list[str]:
    if version.competent_agency_rule == CompetentAgencyRule.NOT_SET:
        return [_("Chưa chọn cách xác định cơ quan giải quyết.")]
    if version.competent_agency_rule == CompetentAgencyRule.FIXED and version.competent_agency_id is None:
        return [_("Chưa chọn cơ quan giải quyết.")]
    return []


def _form_problems(version: ProcedureVersion) -> list[str]:
    try:
        schema = eforms.of_version(version)
    except InvalidInput as problem:
        return [_("Biểu mẫu điện tử sai ở: %s.") % ", ".join(problem.errors)]
    if not schema:
        return [_("Chưa có biểu mẫu điện tử.")]
    uploads = {_same_name(one.name) for one in version.components.all() if one.is_upload}
    return [
        _(
            "Câu hỏi “%(label)s” chờ tệp “%(component)s” nhưng danh sách tệp phải tải lên không có giấy tờ này."
        )
        % {"label": one.label, "component": one.component}
        for one in schema.fields.values()
        if one.component and _same_name(one.component) not in uploads
    ]


def _same_name(name: str) -> str:
    return " ".join(fold(name).split())


def _online(version: ProcedureVersion) -> list[SubmissionChannel]:
    return [one for one in version.channels.all() if one.channel == Channel.ONLINE]


def _timed(version: ProcedureVersion) -> list[SubmissionChannel]:
    return [one for one in _online(version) if one.duration_value and one.duration_unit]


def _limit_problems(version: ProcedureVersion) -> list[str]:
    if not _timed(version):
        return [_("Hình thức trực tuyến chưa có thời hạn giải quyết tính được.")]
    if len({(one.duration_value, one.duration_unit) for one in _online(version)}) > 1:
        return [_("Hình thức trực tuyến có nhiều thời hạn khác nhau. Hãy tách thành từng trường hợp.")]
    return []


def _part_problems(links: list[ProcedureLink]) -> list[str]:
    closed = [
        link.procedure.code
        for link in links
        if link.procedure.current_version is None or not link.procedure.current_version.is_fileable
    ]
    return (
        [_("Thủ tục thành phần chưa nhận hồ sơ trực tuyến: %s. Hãy mở thủ tục đó trước.") % ", ".join(closed)]
        if closed
        else []
    )


def _step_problems(version: ProcedureVersion) -> list[str]:
    timed = _timed(version)
    steps = list(version.workflow_steps.all())
    problems = []
    for kind in _NEEDED_STEPS:
        if not any(step.kind == kind for step in steps):
            problems.append(_("Quy trình nội bộ thiếu bước “%s”.") % kind.label)
    unknown = sorted({step.role for step in steps} - set(Role.values))
    if unknown:
        problems.append(_("Quy trình nội bộ có vai trò không có trong hệ thống: %s.") % ", ".join(unknown))
    if timed and steps:
        limit = timed[0].duration_value or Decimal(0)
        total = _sum(_one_after_another(steps), timed[0].duration_unit)
        if total is None:
            problems.append(
                _("Thời gian các bước không cùng loại (ngày làm việc hay ngày lịch) với thời hạn.")
            )
        elif total != limit:
            problems.append(
                _(
                    "Tổng thời gian các bước là %(total)s, thời hạn là %(limit)s %(unit)s. Hãy sửa cho bằng nhau."
                )
                % {
                    "total": f"{total.normalize():f}",
                    "limit": f"{limit.normalize():f}",
                    "unit": DurationUnit(timed[0].duration_unit).label,
                }
            )
    return problems


def _one_after_another(steps: list[WorkflowStep]) -> list[tuple[Decimal, str]]:
    """Give the durations that add up: of neighbours that work side by side only the longest."""
    found = []
    for _stage, members in groupby(
        sorted(steps, key=attrgetter("position")), key=lambda step: step.group or -step.position
    ):
        side_by_side = [(step.duration_value, step.duration_unit) for step in members]
        found.append(max(side_by_side, key=lambda one: _hours(*one)))
    return found


def _hours(value: Decimal, unit: str) -> Decimal:
    return value * (_WORKING | _CALENDAR)[DurationUnit(unit)]


def _sum(durations: list[tuple[Decimal, str]], unit: str) -> Decimal | None:
    """Add durations up in a unit; None when working and calendar time are mixed."""
    weights = _WORKING if unit in _WORKING else _CALENDAR
    if not all(own in weights for _value, own in durations):
        return None
    return (
        sum((value * weights[DurationUnit(own)] for value, own in durations), Decimal(0))
        / weights[DurationUnit(unit)]
    )


def _result_problems(version: ProcedureVersion) -> list[str]:
    drafted = [one for one in version.result_types.all() if one.template]
    if not drafted:
        return [_("Chưa có kết quả nào có mẫu soạn thảo.")]
    problems = []
    try:
        fields = frozenset(eforms.of_version(version).fields)
    except InvalidInput:
        return []  # told already
    for one in drafted:
        if not one.symbol:
            problems.append(_("Kết quả “%s” chưa có ký hiệu văn bản.") % one.name)
        try:
            templates.parse(one.template, form_fields=fields)
        except InvalidInput as problem:
            problems.append(
                _("Mẫu của kết quả “%(name)s” sai ở: %(where)s.")
                % {"name": one.name, "where": ", ".join(problem.errors)}
            )
    return problems
