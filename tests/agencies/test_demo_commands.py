import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from agencies.states import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo(settings, tmp_path):
    settings.DEMO, settings.DEMO_PASSWORD = True, "mot-mat-khau-dai"
    settings.SIGNING_DIR = tmp_path / "signing"
    return settings


def printed(*command: str) -> str:
    out = StringIO()
    call_command(*command, stdout=out)
    return out.getvalue()


def test_every_printed_account_opens_with_its_printed_password(demo, client):
    printed("load_demo")

    accounts = json.loads(printed("demo_accounts", "--json"))

    officers = [account for account in accounts if "/can-bo/" in account["where"]]
    for account in officers[:2]:
        assert User.objects.get(username=account["login"]).check_password(account["password"])
    assert {account["login"] for account in officers} <= set(User.objects.values_list("username", flat=True))


def test_there_is_somebody_for_each_kind_of_person(demo):
    accounts = json.loads(printed("demo_accounts", "--json"))

    roles = " ".join(account["role"] for account in accounts)
    for kind in ("mức độ 1", "mức độ 2", "Người nước ngoài", "Đại diện doanh nghiệp"):
        assert kind in roles
    for role in Role:
        if role != Role.AUDITOR:
            assert str(role.label) in roles
    assert all("(minh họa)" in account["person"] for account in accounts)
    assert all(
        set(account) == {"person", "role", "login", "password", "where", "can"} for account in accounts
    )


def test_the_table_fits_a_wide_terminal_and_names_the_places_to_sign_in(demo):
    table = printed("demo_accounts")

    assert max(map(len, table.splitlines())) <= 160
    assert "/dang-nhap/can-bo/" in table


@pytest.mark.parametrize("command", ["load_demo", "demo_accounts"])
def test_production_has_no_demo_accounts(settings, command):
    settings.DEMO = False

    with pytest.raises(CommandError, match="DEMO=true"):
        call_command(command)
    assert not User.objects.exists()


def test_a_short_demo_password_is_refused(demo):
    demo.DEMO_PASSWORD = "short"

    with pytest.raises(CommandError, match="12 characters"):
        call_command("load_demo")


def test_a_file_of_procedures_that_is_not_there_is_named(demo):
    with pytest.raises(CommandError, match=r"nowhere\.jsonl"):
        call_command("load_demo", "--procedures", "nowhere.jsonl")
