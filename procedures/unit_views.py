"""The administrative units of a province, for the script that helps with an address."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from procedures.eforms import units

A_DAY = 86_400


@login_not_required
@require_safe
@cache_control(public=True, max_age=A_DAY)
def communal_units(request: HttpRequest, within: str) -> HttpResponse:
    """Name the wards, communes and special zones of a province or city, by its code of two digits."""
    if within not in {unit.code for unit in units.provinces()}:
        message = _("Không có tỉnh, thành phố mã “%s”. Mã có hai chữ số, ví dụ 48.") % within[:20]
        return JsonResponse({"code": "not_found", "message": message}, status=404)
    return JsonResponse({"units": [unit.name for unit in units.communal_units(within)]})
