"""What the tests of filing share: a procedure with a form and files, a draft that is ready, a scanner that answers."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pikepdf
from django.core.files.storage import default_storage
from PIL import Image

from agencies.models import Agency
from citizens.models import Organisation, Person
from core.scanner import Outcome, Verdict
from dossiers.models import Dossier
from dossiers.services import attachments, drafting
from procedures.models import Component, ProcedureVersion
from procedures.states import ApplicantCategory
from tests.factories import NINE, AgencyFactory, PersonFactory, VersionFactory, actor_of_person

EFORM: dict[str, Any] = {
    "pages": [
        {
            "id": "nguoi-yeu-cau",
            "title": "Người yêu cầu",
            "title_en": "Applicant",
            "fields": [
                {
                    "name": "ho_ten",
                    "label": "Họ và tên",
                    "type": "text",
                    "required": True,
                    "prefill": "person.full_name",
                    "readonly": True,
                },
                {"name": "noi_o", "label": "Nơi cư trú", "type": "text", "required": True},
            ],
        },
        {
            "id": "noi-dung",
            "title": "Nội dung yêu cầu",
            "fields": [
                {
                    "name": "muc_dich",
                    "label": "Mục đích sử dụng",
                    "type": "choice",
                    "required": True,
                    "choices": [["ket_hon", "Đăng ký kết hôn"], ["khac", "Việc khác"]],
                },
                {
                    "name": "so_ban",
                    "label": "Số bản",
                    "type": "integer",
                    "required": True,
                    "min": 1,
                    "max": 20,
                },
            ],
        },
    ]
}
OWN_WORDS: dict[str, Any] = {
    "pages": [
        {
            "id": "lien-he",
            "title": "Liên hệ với bạn",
            "fields": [
                {
                    "name": "dien_thoai",
                    "label": "Điện thoại",
                    "type": "phone",
                    "required": True,
                    "prefill": "person.phone",
                },
                {"name": "thu", "label": "Thư điện tử", "type": "email", "prefill": "person.email"},
            ],
        },
        {
            "id": "cam-doan",
            "title": "Cam đoan",
            "fields": [
                {"name": "cam_doan", "label": "Tôi xin cam đoan", "type": "checkbox", "required": True}
            ],
        },
    ]
}
"""A form that asks for the contact and for the declaration itself."""

ANSWERS = {"noi_o": "12 Trần Phú, phường Hải Châu", "muc_dich": "ket_hon", "so_ban": 2}

PERSONS = [ApplicantCategory.CITIZEN, ApplicantCategory.FOREIGNER]
ORGANISATIONS = [ApplicantCategory.ENTERPRISE, ApplicantCategory.COOPERATIVE]


def pdf(pages: int = 1) -> bytes:
    document, out = pikepdf.new(), io.BytesIO()
    for _page in range(pages):
        document.add_blank_page(page_size=(420, 595))
    document.save(out)
    return out.getvalue()


def jpeg() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (60, 40), "white").save(out, "JPEG")
    return out.getvalue()


def answers_with(outcome: Outcome) -> Callable[..., Verdict]:
    """Give a scanner that says the same of every file."""
    return lambda content, **options: Verdict(outcome)


def fileable(**fields: Any) -> ProcedureVersion:
    """A published procedure with two pages of questions, a required component and an optional one."""
    fields.setdefault("eform", EFORM)
    fields.setdefault("applicant_categories", PERSONS)
    version: ProcedureVersion = VersionFactory.create(**fields)
    for position, (name, required) in enumerate(
        [("Giấy tờ chứng minh nơi cư trú", True), ("Giấy tờ khác", False)], start=1
    ):
        Component.objects.create(
            version=version, position=position, name=name, is_upload=True, is_required=required, max_pages=5
        )
    return version


def draft(
    *,
    person: Person | None = None,
    version: ProcedureVersion | None = None,
    organisation: Organisation | None = None,
) -> Dossier:
    """Begin a draft as the person would."""
    person = person or PersonFactory.create()
    organisations = [organisation] if organisation else []
    return drafting.start(
        version_id=(version or fileable()).pk,
        actor=actor_of_person(person, *organisations),
        organisation_id=organisation.pk if organisation else None,
        at=NINE,
    )


def attach(
    dossier: Dossier, *, position: int = 1, content: bytes | None = None, name: str = "giay-to.pdf"
) -> Any:
    return attachments.attach(
        dossier_id=dossier.pk,
        component=Component.objects.get(version_id=dossier.procedure_version_id, position=position),
        upload=io.BytesIO(pdf() if content is None else content),
        name=name,
        actor=actor_of_person(dossier.submitter, *filter(None, [dossier.owner_organisation])),
    )


def ready(*, unit: Agency | None = None, **options: Any) -> Dossier:
    """A draft with nothing missing."""
    dossier = draft(**options)
    dossier.form_data = dict(ANSWERS)
    dossier.received_at_unit = dossier.competent_agency = unit or AgencyFactory.create()
    dossier.save()
    attach(dossier)
    dossier.refresh_from_db()
    return dossier


def stored_files() -> set[str]:
    """Give the paths of all dossiers' files on the disk."""
    found: set[str] = set()
    waiting = ["dossiers"] if default_storage.exists("dossiers") else []
    while waiting:
        folder = waiting.pop()
        folders, files = default_storage.listdir(folder)
        waiting += [f"{folder}/{one}" for one in folders]
        found |= {f"{folder}/{one}" for one in files}
    return found
