"""Results are kept once, signed, and leave force only by a decision."""

import hashlib
from datetime import date, timedelta

import pytest

from agencies.states import Role
from core.actor import Actor
from core.errors import Conflict, InvalidInput, NotAllowed
from outbox.models import Message
from results_vault import codes, services
from results_vault.models import Result
from results_vault.states import Change, Outcome, ResultStatus
from tests.factories import NINE, AgencyFactory, actor_of_person, officer_actor

LATER = NINE + timedelta(days=30)


def test_a_signed_result_is_kept_with_its_fingerprint_and_its_signatures(keep, signed_file):
    content = signed_file()

    result = keep(content=content)

    result.refresh_from_db()
    assert result.file.open().read() == content
    assert result.sha256 == hashlib.sha256(content).hexdigest()
    assert result.issued_on == date(2026, 3, 2)
    (signature,) = result.signature_list
    assert (signature["signer"], signature["signed_at"]) == ("Phường Thử (minh họa)", NINE)


def test_keeping_the_same_file_again_changes_nothing(keep, signed_file):
    content, token = signed_file(), codes.new_token()
    first = keep(content=content, token=token)

    again = keep(content=content, token=token, number="khác")

    assert (again.pk, again.number) == (first.pk, first.number)
    assert Result.objects.count() == 1


def test_another_file_under_the_same_code_is_refused(keep, signed_file):
    token = codes.new_token()
    keep(token=token)

    with pytest.raises(Conflict):
        keep(token=token)


def test_a_number_is_used_once_by_an_agency_and_the_refused_file_is_gone(keep, settings):
    ward = AgencyFactory.create()
    keep(issuer=ward, number="12/XN-UBND")

    with pytest.raises(Conflict, match="12/XN-UBND"):
        keep(issuer=ward, number="12/XN-UBND")

    keep(number="12/XN-UBND")  # another agency has its own series
    assert len(list(settings.MEDIA_ROOT.rglob("*.pdf"))) == 2


def test_an_altered_file_is_never_kept(keep, signed_file):
    content = signed_file()

    with pytest.raises(services.UnsoundSignatures):
        keep(content=content + b"\n%")

    assert not Result.objects.exists()


@pytest.mark.parametrize(
    ("valid_to", "on", "outcome"),
    [
        (None, date(2099, 1, 1), Outcome.VALID),
        (date(2026, 9, 2), date(2026, 9, 2), Outcome.VALID),
        (date(2026, 9, 2), date(2026, 9, 3), Outcome.EXPIRED),
    ],
)
def test_a_result_is_in_force_to_the_end_of_its_last_day(valid_to, on, outcome):
    assert Result(status=ResultStatus.VALID, valid_to=valid_to).outcome(on=on) is outcome


def test_revoking_names_the_decision_and_tells_the_other_apps(keep):
    result = keep()
    head = officer_actor(result.issuer, Role.AGENCY_HEAD)

    services.change_force(
        result_id=result.pk, change=Change.REVOKE, decision="Quyết định 15/QĐ-UBND", actor=head, at=LATER
    )

    result.refresh_from_db()
    assert result.outcome(on=LATER.date()) is Outcome.REVOKED
    assert (result.status_decision, result.status_since) == ("Quyết định 15/QĐ-UBND", date(2026, 4, 1))
    message = Message.objects.get()
    assert (message.topic, message.payload["result_id"]) == ("result.revoke", result.pk)


def test_a_correction_points_to_the_new_version(keep):
    old = keep()
    new = keep(issuer=old.issuer, dossier_code=old.dossier_code)

    services.change_force(
        result_id=old.pk,
        change=Change.CORRECT,
        decision="Sai ngày sinh",
        successor_number=new.number,
        actor=Actor.system(),
        at=LATER,
    )

    old.refresh_from_db()
    assert (old.outcome(on=LATER.date()), old.superseded_by) == (Outcome.CORRECTED, new)


def test_a_suspended_result_can_be_resumed_but_a_revoked_one_cannot(keep):
    result = keep()
    change = {"result_id": result.pk, "decision": "QĐ 1", "actor": Actor.system(), "at": LATER}
    services.change_force(change=Change.SUSPEND, **change)
    services.change_force(change=Change.RESUME, **change)
    services.change_force(change=Change.REVOKE, **change)

    with pytest.raises(Conflict, match="Đã thu hồi"):
        services.change_force(change=Change.RESUME, **change)


@pytest.mark.parametrize("role", [Role.CLERK, Role.SPECIALIST, Role.ONE_STOP_OFFICER, Role.SYSTEM_ADMIN])
def test_only_who_decides_for_the_agency_changes_force(keep, role):
    result = keep()

    with pytest.raises(NotAllowed):
        revoke(result, officer_actor(result.issuer, role))


def test_the_head_of_another_agency_and_the_owner_change_nothing(keep):
    result = keep()

    for actor in (
        officer_actor(AgencyFactory.create(), Role.AGENCY_HEAD),
        actor_of_person(result.owner_person),
    ):
        with pytest.raises(NotAllowed):
            revoke(result, actor)


def test_a_change_without_decision_or_successor_names_the_field(keep):
    result = keep()

    with pytest.raises(InvalidInput) as missing:
        revoke(result, Actor.system(), decision=" ")
    assert "decision" in missing.value.errors

    with pytest.raises(InvalidInput) as unknown:
        services.change_force(
            result_id=result.pk,
            change=Change.SUPERSEDE,
            decision="QĐ 1",
            successor_number=result.number,
            actor=Actor.system(),
            at=LATER,
        )
    assert "successor_number" in unknown.value.errors


def revoke(result, actor, decision="QĐ 1"):
    services.change_force(result_id=result.pk, change=Change.REVOKE, decision=decision, actor=actor, at=LATER)
