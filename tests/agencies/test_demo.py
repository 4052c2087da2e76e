from datetime import UTC, datetime

import pytest

from accounts.models import User
from agencies import demo
from agencies.models import Agency, CalendarDay, Officer, OfficerRole
from agencies.selectors import officer_of
from agencies.states import AgencyKind, Role
from core.actor import Grant
from core.signing import signer_for

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 9, 2, tzinfo=UTC)
PASSWORD = "mot-mat-khau-dai"


@pytest.fixture(autouse=True)
def _signing_dir(settings, tmp_path):
    settings.SIGNING_DIR = tmp_path / "signing"


def test_the_city_has_23_wards_70_communes_and_one_special_zone():
    demo.load(at=NOW, password=PASSWORD)

    counts = {kind: Agency.objects.filter(kind=kind).count() for kind in AgencyKind}
    assert counts == {"city": 1, "department": 16, "ward": 23, "commune": 70, "special_zone": 1}
    assert Agency.objects.get(code="H17.34.01").name == "Ủy ban nhân dân phường Hải Châu"
    assert Agency.objects.get(code="H17.34.94").name == "Ủy ban nhân dân đặc khu Hoàng Sa"


def test_loading_twice_keeps_every_row_and_every_session():
    demo.load(at=NOW, password=PASSWORD)
    models = (Agency, CalendarDay, Officer, OfficerRole, User)
    before = [sorted(model.objects.values_list("pk", flat=True)) for model in models]
    hashes = set(User.objects.values_list("password", flat=True))

    demo.load(at=NOW, password=PASSWORD)

    assert [sorted(model.objects.values_list("pk", flat=True)) for model in models] == before
    assert set(User.objects.values_list("password", flat=True)) == hashes


def test_a_new_demo_password_replaces_the_old_one():
    demo.load(at=NOW, password=PASSWORD)
    demo.load(at=NOW, password="mat-khau-khac-han")

    assert User.objects.get(username="motcua1.haichau").check_password("mat-khau-khac-han")


def test_demo_officers_hold_their_roles_at_their_agency_and_say_that_they_are_examples():
    demo.load(at=NOW, password=PASSWORD)

    user = User.objects.get(username="lanhdao.haichau")
    officer = officer_of(user_id=user.pk, at=NOW)
    ward = Agency.objects.get(code="H17.34.01")
    assert officer is not None
    assert officer.grants == {Grant(Role.UNIT_LEADER, ward.pk), Grant(Role.SIGNER, ward.pk)}
    assert all("(minh họa)" in name for name in Officer.objects.values_list("full_name", flat=True))


def test_signers_clerks_agencies_and_the_portal_have_keys():
    demo.load(at=NOW, password=PASSWORD)

    signer = Officer.objects.get(user__username="lanhdao.soxaydung")
    seal = Agency.objects.get(code="H17.05").seal_key_id
    for key_id in (signer.signing_key_id, seal, demo.PORTAL_KEY_ID):
        assert signer_for(key_id).certificate
    assert (signer.signing_key_id, seal) == ("signer-soxaydung", "seal-H17.05")
