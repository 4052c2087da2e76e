"""The life of a version: who may move it, from where to where, and what never changes again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connections, transaction

from agencies.states import Role
from core.actor import Actor, ActorKind, Grant
from core.errors import Conflict, InvalidInput, NotAllowed
from core.working_time import TIME_ZONE
from procedures import demo, document, services, tasks
from procedures.demo import marital_status, published
from procedures.models import Procedure, ProcedureVersion, VersionEvent
from procedures.services import NotReady, Overtaken, ticking
from procedures.states import VersionEventKind, VersionStatus
from tests.threads import in_two_threads

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=TIME_ZONE)
KEEPER = Actor(
    kind=ActorKind.OFFICER,
    display_name="Cán bộ kiểm soát (minh họa)",
    officer_id=1,
    grants=frozenset({Grant(Role.PROCEDURE_CONTROL_OFFICER, 1)}),
)
SPECIALIST = Actor(kind=ActorKind.OFFICER, officer_id=2, grants=frozenset({Grant(Role.SPECIALIST, 1)}))
CITIZEN = Actor(kind=ActorKind.PERSON, person_id=1)


def version_of(code: str) -> ProcedureVersion:
    return ProcedureVersion.objects.get(current_of__code=code)


@pytest.fixture
def current(db: None) -> ProcedureVersion:
    return demo.offer(marital_status.PUBLISHED, marital_status.CITY_PART)


def draft_of(current: ProcedureVersion, **changes: Any) -> ProcedureVersion:
    draft = services.clone(version_id=current.pk, actor=KEEPER, at=NOON)
    said = {**document.of_version(draft), "effective_from": "2026-03-02", **changes}
    return services.save(version_id=draft.pk, document=said, revision=0, actor=KEEPER, at=NOON)


def test_a_draft_goes_on_from_the_national_record_of_the_version_in_force(db: None) -> None:
    """So that importing the same record again does not undo what the city has changed."""
    imported = published.publish(marital_status.PUBLISHED)
    imported.source_digest = "abc"
    imported.save()
    assert services.clone(version_id=imported.pk, actor=KEEPER, at=NOON).source_digest == "abc"


def in_status(current: ProcedureVersion, status: VersionStatus) -> ProcedureVersion:
    """Give a version that has really walked to a status."""
    if status == VersionStatus.SUPERSEDED:
        publish(draft_of(current))
        return ProcedureVersion.objects.get(pk=current.pk)
    version = draft_of(current)
    if status == VersionStatus.DISCARDED:
        services.discard(version_id=version.pk, actor=KEEPER, at=NOON)
    if status in (VersionStatus.APPROVED, VersionStatus.PUBLISHED, VersionStatus.ABOLISHED):
        services.approve(version_id=version.pk, actor=KEEPER, at=NOON)
    if status in (VersionStatus.PUBLISHED, VersionStatus.ABOLISHED):
        services.publish(version_id=version.pk, actor=KEEPER, at=NOON)
    if status == VersionStatus.ABOLISHED:
        abolish(version)
    return ProcedureVersion.objects.get(pk=version.pk)


def publish(draft: ProcedureVersion) -> ProcedureVersion:
    services.approve(version_id=draft.pk, actor=KEEPER, at=NOON)
    return services.publish(version_id=draft.pk, actor=KEEPER, at=NOON)


def abolish(version: ProcedureVersion, actor: Actor = KEEPER) -> None:
    services.abolish(
        version_id=version.pk,
        decision="99/QĐ-UBND",
        last_day=date(2026, 12, 31),
        reason="Luật mới (minh họa)",
        actor=actor,
        at=NOON,
    )


MOVES: dict[str, tuple[Callable[[ProcedureVersion, Actor], Any], set[VersionStatus]]] = {
    "save": (
        lambda version, actor: services.save(
            version_id=version.pk,
            document=document.of_version(version),
            revision=version.revision,
            actor=actor,
            at=NOON,
        ),
        {VersionStatus.DRAFT},
    ),
    "undo": (
        lambda version, actor: services.undo(
            version_id=version.pk, revision=version.revision, actor=actor, at=NOON
        ),
        {VersionStatus.DRAFT},
    ),
    "redo": (
        lambda version, actor: services.redo(
            version_id=version.pk, revision=version.revision, actor=actor, at=NOON
        ),
        {VersionStatus.DRAFT},
    ),
    "discard": (
        lambda version, actor: services.discard(version_id=version.pk, actor=actor, at=NOON),
        {VersionStatus.DRAFT},
    ),
    "approve": (
        lambda version, actor: services.approve(version_id=version.pk, actor=actor, at=NOON),
        {VersionStatus.DRAFT},
    ),
    "return": (
        lambda version, actor: services.return_to_draft(
            version_id=version.pk, reason="Thiếu phí", actor=actor, at=NOON
        ),
        {VersionStatus.APPROVED},
    ),
    "publish": (
        lambda version, actor: services.publish(version_id=version.pk, actor=actor, at=NOON),
        {VersionStatus.APPROVED},
    ),
    "abolish": (abolish, {VersionStatus.PUBLISHED}),
    "reinstate": (
        lambda version, actor: services.reinstate(
            version_id=version.pk, reason="Ghi nhầm thủ tục", actor=actor, at=NOON
        ),
        {VersionStatus.ABOLISHED},
    ),
    "schedule": (
        lambda version, actor: services.schedule(
            version_id=version.pk,
            opens_at=NOON + timedelta(days=1),
            closes_at=None,
            actor=actor,
            at=NOON,
        ),
        {VersionStatus.DRAFT, VersionStatus.APPROVED, VersionStatus.PUBLISHED},
    ),
}


@pytest.mark.parametrize("status", list(VersionStatus))
def test_every_move_is_made_from_its_statuses_and_refused_from_every_other(
    current: ProcedureVersion, status: VersionStatus
) -> None:
    version = in_status(current, status)
    assert version.status == status
    for name, (move, allowed) in MOVES.items():
        made = True
        try:
            with transaction.atomic():
                move(version, KEEPER)
                transaction.set_rollback(True)
        except Conflict:
            made = False
        assert made == (status in allowed), name


@pytest.mark.parametrize("move", list(MOVES))
@pytest.mark.parametrize("actor", [SPECIALIST, CITIZEN, Actor.anonymous()], ids=lambda one: one.kind)
def test_only_who_looks_after_the_catalogue_moves_a_version(
    current: ProcedureVersion, move: str, actor: Actor
) -> None:
    call, allowed = MOVES[move]
    version = in_status(current, min(allowed))
    with pytest.raises(NotAllowed):
        call(version, actor)


def test_a_clone_says_what_its_source_says(current: ProcedureVersion) -> None:
    draft = services.clone(version_id=current.pk, actor=KEEPER, at=NOON)
    assert document.differences(document.of_version(current), document.of_version(draft)) == []
    assert (draft.version_no, draft.status, draft.is_fileable) == (2, VersionStatus.DRAFT, False)
    assert version_of("1.004873") == current, "people still file under the old one"


def test_a_clone_under_a_new_code_is_a_procedure_of_its_own(current: ProcedureVersion) -> None:
    draft = services.clone(version_id=current.pk, code="9.900001", actor=KEEPER, at=NOON)
    assert (draft.procedure.code, draft.version_no) == ("9.900001", 1)
    with pytest.raises(InvalidInput):
        services.clone(version_id=current.pk, code="1.004873", actor=KEEPER, at=NOON)


def test_a_procedure_has_one_draft_at_a_time(current: ProcedureVersion) -> None:
    draft_of(current)
    with pytest.raises(Conflict, match="đang có một bản thảo"):
        services.clone(version_id=current.pk, actor=KEEPER, at=NOON)


def test_a_draft_from_another_city_begins_a_new_procedure(current: ProcedureVersion) -> None:
    said = {**document.of_version(current), "code": "9.900002"}
    draft = services.bring_in(document=document.parse(said), actor=KEEPER, at=NOON)
    assert draft.procedure.code == "9.900002"
    assert draft.procedure.current_version is None


def test_two_people_do_not_overwrite_each_other(current: ProcedureVersion) -> None:
    draft = draft_of(current)
    said = document.of_version(draft)
    services.save(
        version_id=draft.pk, document={**said, "guidance": "Một"}, revision=1, actor=KEEPER, at=NOON
    )
    with pytest.raises(Overtaken):
        services.save(
            version_id=draft.pk, document={**said, "guidance": "Hai"}, revision=1, actor=KEEPER, at=NOON
        )
    assert ProcedureVersion.objects.get(pk=draft.pk).guidance == "Một"


def test_saves_are_undone_and_done_again_until_something_else_is_done(current: ProcedureVersion) -> None:
    draft = draft_of(current, guidance="Một")
    for text in ("Hai", "Ba"):
        draft = services.save(
            version_id=draft.pk,
            document={**document.of_version(draft), "guidance": text},
            revision=draft.revision,
            actor=KEEPER,
            at=NOON,
        )

    def told(move: Callable[..., ProcedureVersion]) -> str:
        revision = ProcedureVersion.objects.get(pk=draft.pk).revision
        return move(version_id=draft.pk, revision=revision, actor=KEEPER, at=NOON).guidance

    assert [told(services.undo), told(services.undo), told(services.redo)] == ["Hai", "Một", "Hai"]
    latest = ProcedureVersion.objects.get(pk=draft.pk)
    services.save(
        version_id=draft.pk,
        document={**document.of_version(latest), "guidance": "Bốn"},
        revision=latest.revision,
        actor=KEEPER,
        at=NOON,
    )
    assert told(services.redo) == "Bốn", "what was undone is gone"
    assert told(services.undo) == "Hai"


def test_what_somebody_else_has_saved_is_not_taken_back(current: ProcedureVersion) -> None:
    draft = draft_of(current, guidance="Một")
    shown = draft.revision
    said = {**document.of_version(draft), "guidance": "Hai"}
    services.save(version_id=draft.pk, document=said, revision=shown, actor=KEEPER, at=NOON)
    for move in (services.undo, services.redo):
        with pytest.raises(Overtaken):
            move(version_id=draft.pk, revision=shown, actor=KEEPER, at=NOON)
    assert ProcedureVersion.objects.get(pk=draft.pk).guidance == "Hai"


def test_the_number_of_a_save_is_never_given_twice(current: ProcedureVersion) -> None:
    """A trial of a save that was taken back must not count for another one; nor a page that was opened on it."""
    draft = draft_of(current, guidance="Một")
    taken_back = draft.revision
    services.undo(version_id=draft.pk, revision=taken_back, actor=KEEPER, at=NOON)
    said = {**document.of_version(draft), "guidance": "Hai"}
    other = services.save(version_id=draft.pk, document=said, revision=0, actor=KEEPER, at=NOON)
    assert other.revision > taken_back
    with pytest.raises(Overtaken):
        services.save(version_id=draft.pk, document=said, revision=taken_back, actor=KEEPER, at=NOON)
    undone = services.undo(version_id=draft.pk, revision=other.revision, actor=KEEPER, at=NOON)
    assert undone.revision == 0, "what stood before the one that was taken back"


def test_a_wrong_save_changes_nothing(current: ProcedureVersion) -> None:
    draft = draft_of(current)
    said = document.of_version(draft)
    with pytest.raises(InvalidInput):
        services.save(
            version_id=draft.pk, document={**said, "levels": ["moon"]}, revision=1, actor=KEEPER, at=NOON
        )
    assert document.differences(said, document.of_version(ProcedureVersion.objects.get(pk=draft.pk))) == []


def test_a_draft_without_its_legal_parts_is_not_approved(db: None) -> None:
    draft = services.begin(code="9.900003", name="Việc mới", actor=KEEPER, at=NOON)
    with pytest.raises(NotReady) as refusal:
        services.approve(version_id=draft.pk, actor=KEEPER, at=NOON)
    assert len(refusal.value.problems) == 9


def test_publication_supersedes_the_version_before_and_keeps_its_door_open(current: ProcedureVersion) -> None:
    new = publish(draft_of(current, guidance="Mới"))
    old = ProcedureVersion.objects.get(pk=current.pk)
    assert version_of("1.004873") == new
    assert (old.status, old.effective_to) == (VersionStatus.SUPERSEDED, date(2026, 3, 1))
    assert ProcedureVersion.objects.get(pk=new.pk).is_fileable


def test_a_version_that_cannot_be_filed_closes_the_door_and_says_why(current: ProcedureVersion) -> None:
    new = publish(draft_of(current, steps=[]))
    assert not ProcedureVersion.objects.get(pk=new.pk).is_fileable
    closed = VersionEvent.objects.get(version=new, kind=VersionEventKind.CLOSED)
    assert "thiếu bước" in closed.reason


def test_a_version_of_tomorrow_is_published_tomorrow(current: ProcedureVersion) -> None:
    draft = draft_of(current, effective_from="2026-03-03")
    services.approve(version_id=draft.pk, actor=KEEPER, at=NOON)
    with pytest.raises(Conflict, match="03/03/2026"):
        services.publish(version_id=draft.pk, actor=KEEPER, at=NOON)
    assert services.tick(at=NOON) == 0
    midnight = datetime(2026, 3, 3, 0, 0, tzinfo=TIME_ZONE)
    assert services.tick(at=midnight) == 1
    assert version_of("1.004873") == draft
    assert services.tick(at=midnight) == 0


def test_doors_open_and_close_at_their_hour(current: ProcedureVersion) -> None:
    services.close_for_filing(version_id=current.pk, actor=KEEPER, at=NOON)
    services.schedule(
        version_id=current.pk,
        opens_at=NOON + timedelta(hours=1),
        closes_at=NOON + timedelta(hours=2),
        actor=KEEPER,
        at=NOON,
    )

    def is_open(hours: float) -> bool:
        services.tick(at=NOON + timedelta(hours=hours))
        return ProcedureVersion.objects.get(pk=current.pk).is_fileable

    assert [is_open(0.9), is_open(1), is_open(1.9), is_open(2), is_open(3)] == [
        False,
        True,
        True,
        False,
        False,
    ]


@pytest.mark.parametrize(
    ("opens", "closes", "field"), [(-1, None, "opens_at"), (None, 0, "closes_at"), (3, 2, "closes_at")]
)
def test_hours_that_make_no_sense_are_refused(
    current: ProcedureVersion, opens: int | None, closes: int | None, field: str
) -> None:
    def hour(number: int | None) -> datetime | None:
        return None if number is None else NOON + timedelta(hours=number)

    with pytest.raises(InvalidInput) as refusal:
        services.schedule(
            version_id=current.pk, opens_at=hour(opens), closes_at=hour(closes), actor=KEEPER, at=NOON
        )
    assert list(refusal.value.errors) == [field]


def test_a_door_that_cannot_open_stays_closed_and_its_log_says_why(current: ProcedureVersion) -> None:
    new = publish(draft_of(current, steps=[]))
    services.schedule(
        version_id=new.pk, opens_at=NOON + timedelta(hours=1), closes_at=None, actor=KEEPER, at=NOON
    )
    services.tick(at=NOON + timedelta(hours=1))
    services.tick(at=NOON + timedelta(hours=2))
    reasons = VersionEvent.objects.filter(version=new, kind=VersionEventKind.CLOSED).values_list(
        "reason", flat=True
    )
    assert len(reasons) == 2, "once when it took over, once at the hour, and never again"


def test_a_door_shut_by_hand_is_not_opened_by_an_hour_that_has_passed(current: ProcedureVersion) -> None:
    services.close_for_filing(version_id=current.pk, actor=KEEPER, at=NOON)
    hours = {"opens_at": NOON + timedelta(hours=1), "closes_at": NOON + timedelta(hours=3)}
    services.schedule(version_id=current.pk, **hours, actor=KEEPER, at=NOON)
    services.open_for_filing(version_id=current.pk, actor=KEEPER, at=NOON)
    services.tick(at=NOON + timedelta(hours=1))
    services.close_for_filing(version_id=current.pk, actor=KEEPER, at=NOON + timedelta(hours=2))
    services.tick(at=NOON + timedelta(hours=2))
    assert not ProcedureVersion.objects.get(pk=current.pk).is_fileable


def test_a_door_shut_by_hand_and_opened_again_is_not_shut_by_an_hour_of_before(
    current: ProcedureVersion,
) -> None:
    closes = NOON + timedelta(hours=1)
    services.schedule(version_id=current.pk, opens_at=None, closes_at=closes, actor=KEEPER, at=NOON)
    services.close_for_filing(version_id=current.pk, actor=KEEPER, at=NOON)
    services.open_for_filing(version_id=current.pk, actor=KEEPER, at=closes)
    services.tick(at=closes)
    assert ProcedureVersion.objects.get(pk=current.pk).is_fileable


def test_opening_and_closing_twice_are_told_once(current: ProcedureVersion) -> None:
    for move in (services.close_for_filing, services.open_for_filing):
        for _again in range(2):
            move(version_id=current.pk, actor=KEEPER, at=NOON)
    told = VersionEvent.objects.filter(version=current, at=NOON).order_by("pk").values_list("kind", flat=True)
    assert list(told) == [VersionEventKind.CLOSED, VersionEventKind.OPENED]


def test_a_door_shuts_after_the_last_day_and_is_not_opened_again(current: ProcedureVersion) -> None:
    new = publish(draft_of(current, effective_to="2026-03-05"))
    last = datetime(2026, 3, 5, 23, 59, tzinfo=TIME_ZONE)
    assert services.tick(at=last) == 0
    assert services.tick(at=last + timedelta(minutes=1)) == 1
    assert not ProcedureVersion.objects.get(pk=new.pk).is_fileable
    with pytest.raises(NotReady, match="05/03/2026"):
        services.open_for_filing(version_id=new.pk, actor=KEEPER, at=last + timedelta(days=1))


def test_hours_that_were_planned_hold_for_the_version_that_takes_over(current: ProcedureVersion) -> None:
    closes = NOON + timedelta(days=3)
    services.schedule(version_id=current.pk, opens_at=None, closes_at=closes, actor=KEEPER, at=NOON)
    new = publish(draft_of(current))
    assert ProcedureVersion.objects.get(pk=new.pk).closes_at == closes
    services.tick(at=closes)
    assert not ProcedureVersion.objects.get(pk=new.pk).is_fileable


def test_one_version_that_breaks_does_not_keep_the_others_from_their_hour(
    current: ProcedureVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = services.clone(version_id=current.pk, code="9.900001", actor=KEEPER, at=NOON)
    ProcedureVersion.objects.filter(pk=draft.pk).update(effective_from=NOON.date())
    other = services.open_for_filing(version_id=publish(draft).pk, actor=KEEPER, at=NOON)
    for one in (current, other):
        closes = NOON + timedelta(hours=1)
        services.schedule(version_id=one.pk, opens_at=None, closes_at=closes, actor=KEEPER, at=NOON)
    real = ticking.close_for_filing

    def breaks(*, version_id: int, **rest: Any) -> None:
        if version_id == current.pk:
            raise ZeroDivisionError
        real(version_id=version_id, **rest)

    monkeypatch.setattr(ticking, "close_for_filing", breaks)
    assert services.tick(at=NOON + timedelta(hours=1)) == 1
    assert not ProcedureVersion.objects.get(pk=other.pk).is_fileable


def test_an_approved_version_does_not_bring_an_abolished_procedure_back(current: ProcedureVersion) -> None:
    draft = draft_of(current, effective_from="2026-03-03")
    services.approve(version_id=draft.pk, actor=KEEPER, at=NOON)
    with pytest.raises(Conflict, match="đã duyệt"):
        abolish(current)
    services.return_to_draft(version_id=draft.pk, reason="Bãi bỏ", actor=KEEPER, at=NOON)
    abolish(current)
    services.approve(version_id=draft.pk, actor=KEEPER, at=NOON)
    services.publish(version_id=draft.pk, actor=KEEPER, at=NOON + timedelta(days=1))
    assert ProcedureVersion.objects.get(pk=current.pk).status == VersionStatus.ABOLISHED


def test_an_abolished_procedure_stays_readable(current: ProcedureVersion, client: Any) -> None:
    abolish(current)
    page = client.get("/thu-tuc/1.004873/")
    assert page.status_code == 200
    assert not version_of("1.004873").is_fileable


@pytest.mark.parametrize(
    "change",
    [
        lambda version: ProcedureVersion.objects.filter(pk=version.pk).update(name="Khác"),
        lambda version: ProcedureVersion.objects.filter(pk=version.pk).update(eform={}),
        lambda version: ProcedureVersion.objects.filter(pk=version.pk).update(is_sealed=False),
        lambda version: version.workflow_steps.update(name="Khác"),
        lambda version: version.workflow_steps.all()._raw_delete("default"),
        lambda version: version.channels.create(position=99, channel="online"),
        lambda version: version.channels.get(channel="online").fees.create(position=9, amount_vnd=1),
        lambda version: version.components.update(name="Khác"),
        lambda version: version.result_types.update(symbol="X"),
        lambda version: version.legal_bases.update(title="X"),
        lambda version: VersionEvent.objects.filter(version=version).update(reason="X"),
        lambda version: VersionEvent.objects.filter(version=version)._raw_delete("default"),
    ],
)
def test_a_published_version_and_its_log_never_change(
    current: ProcedureVersion, change: Callable[[ProcedureVersion], Any]
) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        change(current)


def test_the_log_says_who_did_what_when_and_why(current: ProcedureVersion) -> None:
    draft = draft_of(current)
    services.approve(version_id=draft.pk, actor=KEEPER, at=NOON)
    services.return_to_draft(version_id=draft.pk, reason="Thiếu phí", actor=KEEPER, at=NOON)
    services.approve(version_id=draft.pk, actor=KEEPER, at=NOON)
    services.publish(version_id=draft.pk, actor=KEEPER, at=NOON)
    told = list(draft.events.order_by("pk").values_list("kind", "reason", "actor_name"))
    assert [kind for kind, _reason, _name in told] == [
        "created",
        "approved",
        "returned",
        "approved",
        "published",
        "opened",
    ]
    assert told[2] == ("returned", "Thiếu phí", KEEPER.display_name)


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_two_drafts_of_one_procedure_at_once_leave_one(self, current: ProcedureVersion) -> None:
        def clone() -> str:
            try:
                return services.clone(version_id=current.pk, actor=KEEPER, at=NOON).status
            except Conflict as refusal:
                return refusal.code

        assert sorted(in_two_threads(clone, after=connections.close_all)) == ["conflict", "draft"]

    def test_two_clocks_at_once_publish_once(self, current: ProcedureVersion) -> None:
        draft = draft_of(current)
        services.approve(version_id=draft.pk, actor=KEEPER, at=NOON)

        moved = in_two_threads(lambda: services.tick(at=NOON), after=connections.close_all)

        assert sum(moved) == 1
        assert VersionEvent.objects.filter(version=draft, kind=VersionEventKind.PUBLISHED).count() == 1
        assert Procedure.objects.get(code="1.004873").current_version_id == draft.pk


def test_an_abolition_by_mistake_is_taken_back_and_the_door_is_as_it_was(current: ProcedureVersion) -> None:
    before = (current.effective_to, current.is_fileable, current.online_level)
    abolish(current)

    services.reinstate(version_id=current.pk, reason="Ghi nhầm thủ tục", actor=KEEPER, at=NOON)

    again = ProcedureVersion.objects.get(pk=current.pk)
    assert (again.effective_to, again.is_fileable, again.online_level) == before
    assert (again.status, again.procedure.current_version) == (VersionStatus.PUBLISHED, again)
    kinds = list(again.events.order_by("-pk").values_list("kind", "reason")[:2])
    assert kinds == [("reinstated", "Ghi nhầm thủ tục"), ("abolished", "Luật mới (minh họa)")]
    abolish(again)  # and once more, for good


def test_an_abolition_is_taken_back_with_a_reason_alone(current: ProcedureVersion) -> None:
    abolish(current)

    with pytest.raises(InvalidInput) as refusal:
        services.reinstate(version_id=current.pk, reason=" ", actor=KEEPER, at=NOON)

    assert list(refusal.value.errors) == ["reason"]


def test_an_abolition_from_which_something_has_followed_stands(current: ProcedureVersion) -> None:
    abolish(current)
    draft_of(current)

    with pytest.raises(Conflict, match="phiên bản làm sau khi bãi bỏ"):
        services.reinstate(version_id=current.pk, reason="Nhầm", actor=KEEPER, at=NOON)


def test_an_abolition_whose_last_day_has_passed_stands(current: ProcedureVersion) -> None:
    abolish(current)  # to the end of 2026

    with pytest.raises(Conflict, match="quyết định công bố mới"):
        services.reinstate(version_id=current.pk, reason="Nhầm", actor=KEEPER, at=NOON + timedelta(days=400))


@pytest.mark.parametrize("moved", [0, 2])
def test_what_the_clock_has_moved_is_looked_at_for_the_search_at_once(
    moved: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[bool] = []
    monkeypatch.setattr(services, "tick", lambda **_when: moved)
    monkeypatch.setattr(tasks, "look_at_new_titles", lambda: looked.append(True))

    tasks.tick()

    assert looked == [True] * bool(moved)
