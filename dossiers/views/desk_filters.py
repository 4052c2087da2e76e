"""The filters that an officer keeps under a name."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.errors import InvalidInput
from core.http import PortalRequest
from dossiers.models import SavedFilter
from dossiers.services import saved_filters
from dossiers.views.desk import officer


@require_POST
def save(request: PortalRequest, name: str) -> HttpResponse:
    """Keep the list as it is shown, under a name of the officer's own."""
    query = request.POST.get("query", "")
    try:
        saved = saved_filters.save(
            actor=officer(request), queue=name, query=query, name=request.POST.get("ten", "")
        )
    except InvalidInput as refusal:
        messages.error(request, " ".join(refusal.problems))
    else:
        query = saved.query
        messages.success(request, _("Đã lưu bộ lọc “%(name)s”.") % {"name": saved.name})
    return redirect(f"{reverse('desk:queue_named', args=[name])}?{query}")


@require_POST
def remove(request: PortalRequest, filter_id: int) -> HttpResponse:
    """Forget a saved filter of the officer's own."""
    try:
        removed = saved_filters.remove(actor=officer(request), filter_id=filter_id)
    except SavedFilter.DoesNotExist:
        raise Http404 from None
    messages.success(request, _("Đã xóa bộ lọc “%(name)s”.") % {"name": removed.name})
    return redirect("desk:queue_named", name=removed.queue)
