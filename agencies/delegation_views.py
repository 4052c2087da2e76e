"""The page on which a leader lets somebody stand in for who is away."""

from __future__ import annotations

from datetime import datetime

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from agencies import delegations as services
from agencies.forms import show_problems
from agencies.models import Agency, Delegation, OfficerRole
from agencies.states import Role
from core.actor import Actor
from core.errors import Conflict, InvalidInput, NotAllowed
from core.http import PortalRequest
from core.pagination import keyset
from core.widgets import PlainSelect

A_PAGE = 30
_MOMENT = {"required": gettext_lazy("Hãy chọn ngày và giờ."), "invalid": gettext_lazy("Ngày giờ chưa đúng.")}


class DelegationForm(forms.Form):
    """Who is away in which role, who stands in, by what decision and for how long."""

    officer = forms.ChoiceField(
        label=gettext_lazy("Người vắng mặt và vai trò"),
        widget=PlainSelect,
        error_messages={"required": gettext_lazy("Hãy chọn người vắng mặt.")},
    )
    deputy = forms.ChoiceField(
        label=gettext_lazy("Người được ủy quyền"),
        help_text=gettext_lazy("Làm việc bằng tên và khóa ký số của chính mình; lịch sử ghi rõ làm thay ai."),
        widget=PlainSelect,
        error_messages={"required": gettext_lazy("Hãy chọn người được ủy quyền.")},
    )
    valid_from = forms.DateTimeField(
        label=gettext_lazy("Từ"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages=_MOMENT,
    )
    valid_to = forms.DateTimeField(
        label=gettext_lazy("Đến"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages=_MOMENT,
    )
    decision = forms.CharField(
        label=gettext_lazy("Văn bản ủy quyền"),
        help_text=gettext_lazy("Số, ngày, cơ quan ban hành."),
        max_length=services.DECISION_LENGTH,
        error_messages={"required": gettext_lazy("Hãy ghi văn bản ủy quyền.")},
    )

    def __init__(self, *args: object, held: list[OfficerRole], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # passed through as they came
        roles = [(f"{one.officer_id}:{one.role}", f"{one.officer} – {Role(one.role).label}") for one in held]
        people = {one.officer_id: str(one.officer) for one in held}
        # The stubs know the fields of a form only as fields, not as the choices that they are.
        self.fields["officer"].choices = [("", "—"), *roles]  # type: ignore[attr-defined]  # both are choice fields
        self.fields["deputy"].choices = [("", "—"), *people.items()]  # type: ignore[attr-defined]  # as above


@require_http_methods(["GET", "POST"])
def delegations(request: PortalRequest) -> HttpResponse:
    """The delegations of the officer's agency, and a form for one more."""
    actor, at = request.actor, timezone.now()
    agencies = list(services.agencies_of(actor))
    if not agencies:
        raise NotAllowed(_("Ủy quyền do lãnh đạo đơn vị hoặc thủ trưởng cơ quan lập và thu hồi."))
    code = request.GET.get("co-quan", "")
    agency = next((one for one in agencies if one.code == code), agencies[0])
    held = services.holders(agency_id=agency.pk, at=at)
    form = DelegationForm(request.POST if request.method == "POST" else None, held=held)
    if request.method == "POST" and form.is_valid():
        try:
            made = _delegate(form, agency=agency, actor=actor, at=at)
        except InvalidInput as refusal:
            show_problems(form, refusal)
        else:
            messages.success(request, _("Đã ủy quyền cho %(deputy)s.") % {"deputy": made.deputy.full_name})
            return redirect(request.get_full_path())
    rows = services.visible(actor).filter(agency=agency).order_by("-pk")
    page = keyset(
        rows,
        order=("-pk",),
        size=A_PAGE,
        after=request.GET.get("sau", ""),
        before=request.GET.get("truoc", ""),
    )
    context = {
        "agency": agency,
        "agencies": agencies,
        "form": form,
        "page": page,
        "rows": [(one, Role(one.role).label, _state(one, at=at)) for one in page.rows],
    }
    return render(request, "agencies/delegations.html", context, status=422 if form.is_bound else 200)


def _delegate(form: DelegationForm, *, agency: Agency, actor: Actor, at: datetime) -> Delegation:
    officer, _colon, role = form.cleaned_data["officer"].partition(":")
    return services.delegate(
        agency_id=agency.pk,
        officer_id=int(officer),
        role=role,
        deputy_id=int(form.cleaned_data["deputy"]),
        decision=form.cleaned_data["decision"],
        valid_from=form.cleaned_data["valid_from"],
        valid_to=form.cleaned_data["valid_to"],
        actor=actor,
        at=at,
    )


def _state(one: Delegation, *, at: datetime) -> tuple[str, str]:
    """Give word and colour of where a delegation stands, ``running`` or not."""
    if one.revoked_at is not None:
        return _("Đã thu hồi"), "neutral"
    if one.valid_to <= at:
        return _("Đã hết hạn"), "neutral"
    return (_("Chưa bắt đầu"), "info") if one.valid_from > at else (_("Đang có hiệu lực"), "success")


@require_POST
def revoke(request: PortalRequest, delegation_id: int) -> HttpResponse:
    """End a delegation now."""
    try:
        ended = services.revoke(delegation_id=delegation_id, actor=request.actor, at=timezone.now())
    except Delegation.DoesNotExist:
        raise Http404 from None
    except Conflict as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Đã thu hồi ủy quyền cho %(deputy)s.") % {"deputy": ended.deputy})
    return redirect("delegations:list")
