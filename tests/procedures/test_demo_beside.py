from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.test import Client
from django.urls import reverse

from agencies import demo as demo_agencies
from core import pdf, scanner
from core.scanner import Outcome, Verdict
from procedures import demo
from procedures.beside import Guide, ProcedureEvent
from procedures.demo import beside
from procedures.services import guides
from tests.factories import NINE

pytestmark = pytest.mark.django_db


@pytest.mark.skipif(not pdf.is_available(), reason="pango is not installed")
def test_the_demonstration_stands_beside_its_services_and_is_entered_once(
    settings: Any, tmp_path: Path, client: Client, monkeypatch: pytest.MonkeyPatch
):
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr(scanner, "scan", lambda content, **options: Verdict(Outcome.CLEAN))
    demo_agencies.load(at=NINE - timedelta(days=1), password="mat-khau-thu-nghiem")
    demo.load()

    beside.load(at=NINE)
    events = ProcedureEvent.objects.count()
    beside.load(at=NINE)
    for guide_id in guides.waiting():
        guides.prepare(guide_id=guide_id, at=NINE)

    assert ProcedureEvent.objects.exclude(kind="guide_ready").count() == events
    page = client.get(reverse("procedures:detail", args=["1.004873"])).content.decode()
    assert "Tờ khai đã điền (minh họa)" in page
    assert "0:15" in page
    sample = Guide.objects.get(procedure__code="1.004873", kind="sample")
    with sample.file.open("rb") as content, pikepdf.open(io.BytesIO(content.read())) as document:
        assert len(document.pages) >= 1
    for slug, name in (
        ("dich-vu-su-nghiep-cong", "đồng hồ nước"),
        ("dich-vu-ngoai-mot-cua", "dữ liệu mở"),
        ("thu-tuc-noi-bo", "Thẩm định dự toán"),
    ):
        assert name in client.get(reverse("procedures:catalogue", args=[slug])).content.decode()
