"""Signed files and stored results to look at."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.core.cache import cache

from core import signing
from core.pdf import Box
from core.signing import demo_ca
from results_vault import codes, services
from results_vault.models import Result
from tests.design.conftest import open_page, unhashed_static  # noqa: F401
from tests.factories import NINE, AgencyFactory, PersonFactory

KeepResult = Callable[..., Result]


@pytest.fixture(scope="session")
def key_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("signing")
    demo_ca.ensure(directory, at=NINE)
    demo_ca.issue(
        directory,
        key_id="agency",
        common_name="Phường Thử (minh họa)",
        organisation="Thử",
        kind="agency",
        at=NINE,
    )
    return directory


@pytest.fixture(autouse=True)
def _own_files(settings: Any, key_store: Path, tmp_path: Path) -> None:
    settings.SIGNING_DIR = key_store
    settings.MEDIA_ROOT = tmp_path / "files"
    memory = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    settings.CACHES = {**settings.CACHES, "default": memory}
    cache.clear()


@pytest.fixture
def signed_file(key_store: Path) -> Callable[[], bytes]:
    """Give a new signed file of one page at each call."""

    def make() -> bytes:
        page, output = pikepdf.new(), BytesIO()
        page.add_blank_page()
        page.docinfo["/Title"] = codes.new_token()
        page.save(output)
        prepared = signing.prepare_fields(output.getvalue(), {"sig-agency": Box(0, 50, 50, 200, 40)})
        return signing.sign(prepared, key_id="agency", field="sig-agency", at=NINE)

    return make


@pytest.fixture
def keep(db: None, signed_file: Callable[[], bytes]) -> KeepResult:
    """Store a result; what is not given is made up."""

    def keep_result(**facts: Any) -> Result:
        token = facts.pop("token", None) or codes.new_token()
        if "owner_person" in facts:
            facts["owner_person_id"] = facts.pop("owner_person").pk
        elif "owner_organisation" in facts:
            facts["owner_organisation_id"] = facts.pop("owner_organisation").pk
        else:
            facts["owner_person_id"] = PersonFactory.create(full_name="Đặng Thị Ngọc Ánh").pk
        issuer = facts.pop("issuer", None) or AgencyFactory.create()
        made_up: dict[str, Any] = {
            "dossier_code": f"H17.34.07-260302-{Result.objects.count() + 1:04d}",
            "procedure_code": "1.004873",
            "title": "Giấy xác nhận tình trạng hôn nhân",
            "number": f"{Result.objects.count() + 1}/XN-UBND",
            "signer_name": "Nguyễn Văn Ký (minh họa)",
            "issued_at": NINE,
        }
        content = facts.pop("content", None) or signed_file()
        return services.store_result(token=token, issuer_id=issuer.pk, content=content, **(made_up | facts))

    return keep_result
