"""The page on which an agency says who inspects results."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from core.errors import InvalidInput, NotAllowed
from core.http import PortalRequest
from core.pagination import keyset
from core.widgets import PlainSelect
from procedures.states import InspectorClass
from results_vault import inspectors
from results_vault.models import InspectorPost

A_PAGE = 30


class PostForm(forms.Form):
    """Who inspects what, by which decision and until when."""

    login = forms.CharField(
        label=gettext_lazy("Tên tài khoản của cán bộ"),
        max_length=150,
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
        error_messages={"required": gettext_lazy("Hãy ghi tên tài khoản của cán bộ.")},
    )
    inspector_class = forms.ChoiceField(
        label=gettext_lazy("Nhóm kiểm tra"),
        widget=PlainSelect,
        choices=[("", "—"), *InspectorClass.choices],
        error_messages={"required": gettext_lazy("Hãy chọn nhóm kiểm tra.")},
    )
    decision = forms.CharField(
        label=gettext_lazy("Quyết định giao việc"),
        help_text=gettext_lazy("Số, ngày, cơ quan ban hành."),
        max_length=inspectors.DECISION_LENGTH,
        error_messages={"required": gettext_lazy("Hãy ghi quyết định giao việc.")},
    )
    valid_to = forms.DateTimeField(
        label=gettext_lazy("Đến"),
        help_text=gettext_lazy("Để trống nếu chưa biết; bạn cho thôi được bất cứ lúc nào."),
        required=False,
        widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages={"invalid": gettext_lazy("Ngày giờ chưa đúng. Hãy chọn lại.")},
    )


@require_http_methods(["GET", "POST"])
def posts(request: PortalRequest) -> HttpResponse:
    """Who inspects for the officer's agency, and a form for one more."""
    actor, at = request.actor, timezone.now()
    agencies = list(inspectors.agencies_of(actor))
    if not agencies:
        raise NotAllowed(_("Việc kiểm tra do thủ trưởng hoặc quản trị của cơ quan giao."))
    code = request.GET.get("co-quan", "")
    agency = next((one for one in agencies if one.code == code), agencies[0])
    form = PostForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            made = inspectors.give(agency_id=agency.pk, actor=actor, at=at, **form.cleaned_data)
        except InvalidInput as refusal:
            for field, texts in refusal.errors.items():
                form.add_error(field, [str(one) for one in texts])
        else:
            messages.success(request, _("Đã giao việc kiểm tra cho %(name)s.") % {"name": made.officer})
            return redirect(request.get_full_path())
    page = keyset(
        inspectors.visible(actor).filter(agency=agency),
        order=("-pk",),
        size=A_PAGE,
        after=request.GET.get("sau", ""),
        before=request.GET.get("truoc", ""),
    )
    rows = [(one, one.valid_to is None or one.valid_to > at) for one in page.rows]
    context = {"agency": agency, "agencies": agencies, "form": form, "page": page, "rows": rows}
    return render(request, "results_vault/inspectors.html", context, status=422 if form.is_bound else 200)


@require_POST
def end(request: PortalRequest, post_id: int) -> HttpResponse:
    """End one post now."""
    try:
        ended = inspectors.end(post_id=post_id, actor=request.actor, at=timezone.now())
    except InspectorPost.DoesNotExist:
        raise Http404 from None
    messages.success(request, _("%(name)s đã thôi việc kiểm tra.") % {"name": ended.officer})
    return redirect(f"{reverse('inspectors:list')}?co-quan={ended.agency.code}")
