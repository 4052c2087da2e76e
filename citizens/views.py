from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from citizens import policies, selectors, services
from citizens.forms import ContactForm
from core.http import PortalRequest
from core.pagination import keyset

ACCESSES_A_PAGE = 20


@require_safe
def account(request: PortalRequest) -> HttpResponse:
    """Who am I to the portal, what may I do, and who has looked at my data."""
    person = policies.own_person(request.actor)
    accesses = keyset(
        selectors.access_log(person_id=person.pk),
        order=("-pk",),
        size=ACCESSES_A_PAGE,
        after=request.GET.get("sau", ""),
        before=request.GET.get("truoc", ""),
    )
    context = {
        "person": person,
        "representations": selectors.representations(person_id=person.pk, at=timezone.now()),
        "accesses": accesses,
    }
    return render(request, "citizens/account.html", context)


@require_http_methods(["GET", "POST"])
def contact(request: PortalRequest) -> HttpResponse:
    """Change phone, e-mail address and language of messages."""
    person = policies.own_person(request.actor)
    form = ContactForm(request.POST or None, instance=person)
    if request.method == "POST" and form.is_valid():
        services.update_contact(person_id=person.pk, **form.cleaned_data)
        messages.success(request, _("Đã lưu thông tin liên hệ."))
        return redirect("citizens:account")
    status = 422 if form.errors else 200
    return render(request, "citizens/contact.html", {"form": form}, status=status)
