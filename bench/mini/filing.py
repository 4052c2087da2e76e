"""The reference's filing."""

from __future__ import annotations

import hashlib
import os
import uuid
from datetime import datetime, timedelta
from pathlib import Path

from django.core.files.uploadedfile import UploadedFile
from django.db import connection, transaction
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from rest_framework import serializers

from bench.mini.models import Dossier, Event, Form, Message

FILES = Path(os.environ.get("MINI_FILES", "."))


class Answers(serializers.Serializer):
    """The ten fields of the form."""

    ho_ten = serializers.CharField(max_length=200)
    so_dinh_danh = serializers.RegexField(r"^\d{12}$")
    ngay_sinh = serializers.DateField()
    gioi_tinh = serializers.ChoiceField(["nam", "nu"])
    noi_o = serializers.CharField(max_length=255)
    dien_thoai = serializers.RegexField(r"^0\d{9}$")
    thu_dien_tu = serializers.EmailField()
    muc_dich = serializers.CharField(max_length=2000)
    so_ban = serializers.IntegerField(min_value=1, max_value=20)
    ngay_can = serializers.DateField()


@csrf_exempt
@require_POST
def file_dossier(request: HttpRequest) -> JsonResponse:
    """Take one filing: answers, agency and file in one request; answer with its code."""
    answers = Answers(data=request.POST.dict())
    if not answers.is_valid():
        return JsonResponse({"errors": answers.errors}, status=422)
    file = request.FILES["tep"]
    assert isinstance(file, UploadedFile)
    kept = _keep(file)
    code = _write(answers.data, agency=int(request.POST["agency"]), file=kept, at=timezone.now())
    return JsonResponse({"code": code}, status=201)


def _keep(file: UploadedFile[bytes]) -> dict[str, str]:
    """Store the file so that a power cut cannot take it back; it must be there before any row speaks of it."""
    digest, path = hashlib.sha256(), FILES / uuid.uuid4().hex
    with path.open("xb") as target:
        for part in file.chunks():
            digest.update(part)
            target.write(part)
        target.flush()
        os.fsync(target.fileno())
    folder = os.open(FILES, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)
    return {"path": path.name, "name": file.name or "", "sha256": digest.hexdigest()}


@transaction.atomic
def _write(answers: dict[str, object], *, agency: int, file: dict[str, str], at: datetime) -> str:
    """Write the rows of one filing. The counter comes last: its lock is the one that others wait for."""
    dossier = Dossier.objects.create(
        code=uuid.uuid4().hex,
        procedure=1,
        agency=agency,
        applicant=1,
        received_at=at,
        due_at=at + timedelta(days=3),
    )
    Form.objects.create(dossier=dossier, answers=answers)
    Event.objects.create(dossier=dossier, kind=1, actor="applicant", at=at, facts=file)
    Message.objects.create(topic="dossier.filed", payload={"dossier": dossier.pk}, created_at=at)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO mini_counter (agency, day, last) VALUES (%s, %s, 1)"
            " ON CONFLICT (agency, day) DO UPDATE SET last = mini_counter.last + 1 RETURNING last",
            [agency, at.date()],
        )
        (number,) = cursor.fetchone()
    return f"{agency}-{at:%y%m%d}-{number:04d}"
