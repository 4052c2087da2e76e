"""Starter services are built anew from nothing by a scripted administrator, in the designer's pages alone."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from agencies import demo
from agencies.models import Agency, OfficerRole
from core import pdf
from designer import dry_run, trials
from designer.models import Trial
from designer.states import TrialState
from dossiers.states import Form
from procedures import document, services, starters
from procedures.models import Procedure, ProcedureVersion
from procedures.states import VersionStatus
from tests.designer.administrator import rebuild
from tests.designer.conftest import KEEPER
from tests.dossiers.conftest import clean_scanner  # noqa: F401  (fixture)
from tests.factories import LONG_AGO, NINE, OfficerFactory
from tests.procedures.test_lint import GOOD, question, step, upload

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("clean_scanner"),
    pytest.mark.skipif(not pdf.is_available(), reason="pango is not installed"),
]

# fmt: off
SERVICES = (
    "1.000656",         # death: a rule between answers, a result that another service issues again
    "1.004194",         # temporary residence: fees that differ by channel, a group that repeats
    "1.004859",         # corrections of civil status: an age decides what is asked
    "1.014062",         # identity cards of children: a page that is asked by age
    "1.014064",         # identity cards again: a reissue
    "2.000635",         # extracts: what others name for a new copy; a worked-out value
    "2.000930.before",  # leaving the mediation board, as it was
    "2.000930",         # … and as it is
    "2.002288",         # badges of vehicles: a licence with a worked-out value over rows
    "9.200001",         # the postal licence: a table, one agency that decides
)
# fmt: on


@pytest.fixture(autouse=True)
def city(db: None, settings: Any, tmp_path: Path) -> None:
    """The agencies of the demonstration, with their people and seals."""
    settings.SIGNING_DIR = tmp_path / "signing"
    demo.load(at=NINE, password="mot-mat-khau-dai")


@pytest.fixture(autouse=True)
def papers_are_composed_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every paper is composed; that files are made of them is `test_dry_run`'s to see, and takes long."""
    perform = dry_run.perform
    monkeypatch.setattr(
        dry_run, "perform", lambda *todo, made, **more: perform(*todo, made={*Form.values}, **more)
    )


def staff(said: dict[str, Any]) -> None:
    """Give the one agency that decides its people and its seal, as it has them on the day when it begins."""
    agency = Agency.objects.filter(code=said["deciding"]["agency"]).first()
    if agency is None:
        return
    Agency.objects.filter(pk=agency.pk).update(seal_key_id="seal")
    for role in {one["role"] for one in said["steps"]}:
        OfficerRole.objects.create(
            officer=OfficerFactory.create(signing_key_id="signer"),
            agency=agency,
            role=role,
            valid_from=LONG_AGO,
        )


@pytest.mark.parametrize("name", SERVICES)
def test_a_starter_service_is_built_from_nothing_and_opened(keeper: Client, name: str) -> None:
    said = document.from_yaml((starters.FOLDER / f"{name}.yaml").read_bytes())

    staff(said)
    for row in said["eligibility"]["outcomes"] if said["eligibility"] else []:
        if row["service"]:  # the catalogue has what a check leads to
            Procedure.objects.get_or_create(code=row["service"])

    administrator = rebuild(said, client=keeper)

    version = ProcedureVersion.objects.get(procedure__code=said["code"])
    assert document.differences(said, document.of_version(version)) == []
    administrator.open(f"{administrator.root}thu/")
    administrator.send(administrator.form(".//input[@name='kind' and @value='dry_run']"))
    trial = Trial.objects.latest("pk")
    while trials.go_on(trial_id=trial.pk, at=timezone.now()):
        pass
    trial.refresh_from_db()
    assert (trial.kind, trial.state, trial.red) == ("dry_run", TrialState.DONE, 0), trial.findings
    # Without a reason: the gate looks at the lint as well.
    for move in ("duyet", "cong-bo", "mo-nhan"):
        administrator.open(administrator.root)
        administrator.send(administrator.form(f"contains(@action, '/{move}/')"))
    version.refresh_from_db()
    assert (version.status, version.is_fileable) == (VersionStatus.PUBLISHED, True)


def test_what_no_starter_service_has_is_built_too(keeper: Client) -> None:
    """Sections, files in the form, steps side by side and under a condition, own words, several results, a link."""
    services.begin(code="9.000002", name="Thủ tục thành phần (minh họa)", actor=KEEPER, at=timezone.now())
    said = document.parse({**copy.deepcopy(GOOD), **MORE})

    rebuild(said, client=keeper)

    version = ProcedureVersion.objects.get(procedure__code=said["code"])
    assert document.differences(said, document.of_version(version)) == []


MORE: dict[str, Any] = {
    "eform": {
        "pages": [
            {
                "id": "viec",
                "title": "Việc cần làm",
                "sections": [
                    {
                        "title": "Loại việc",
                        "fields": [
                            question("loai", "Loại việc", "choice", choices=[["a", "Một"], ["b", "Hai"]]),
                            question("so", "Bao nhiêu", "decimal", min="0.5", max=20, decimals=1),
                        ],
                    },
                    {
                        "title": "Ảnh",
                        "intro": "Chụp rõ.",
                        "show_when": {
                            "any": [{"field": "loai", "equals": "b"}, {"field": "so", "greater": 2}]
                        },
                        "fields": [
                            {
                                "name": "anh",
                                "label": "Ảnh chụp",
                                "type": "file",
                                "component": "Ảnh hiện trạng",
                            }
                        ],
                    },
                ],
            }
        ]
    },
    "uploads": [
        upload(
            "Ảnh hiện trạng",
            accepted_sources=["vault_item", "data_other_register", "upload_plain"],
            validity_months=3,
            max_pages=4,
        ),
        upload("Sơ đồ", is_required=False, condition={"field": "loai", "in": ["a", "b"]}, is_digitised=False),
    ],
    "steps": [
        step("Tiếp nhận", "receive", "one_stop_officer", 0.5),
        step("Thẩm định", "examine", "specialist", 1, group=1),
        step("Duyệt", "review", "unit_leader", 1, group=1, is_optional=True),
        step("Xác minh", "verify", "specialist", 1, condition={"field": "loai", "equals": "b"}),
        step("Ký", "sign", "signer", 0.5),
    ],
    "results": [
        {
            **GOOD["results"][0],
            "template": {},
            "has_qr": False,
            "renewal_days": 15,
            "until_event": "chủ giấy phép chuyển đi",
            "until_event_en": "the holder moves",
            "reissue_procedure": "9.000002",
        },
        {"name": "Bản sao", "code": "KQ2", "symbol": "BS", "inspector_classes": ["order", "market"]},
    ],
    "links": [{"procedure": "9.000002", "answers": {"loai_viec": "loai"}}],
    "messages": {
        "dossier.request_supplement": {
            "vi": "Bổ sung trước {han_cua_ban}.",
            "en": "Add it before {han_cua_ban}.",
        },
        "dossier.issue": {"vi": "Mang theo {ma_ho_so}.\n\nXin cảm ơn.", "en": "Bring {ma_ho_so}."},
    },
    "clock": {"counting_mode": "exact", "supplement_policy": "pause", "supplement_wait_days": 20},
}
