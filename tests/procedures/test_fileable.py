from __future__ import annotations

from decimal import Decimal

import pytest

from agencies.models import Agency
from core.actor import Actor, ActorKind
from core.errors import Conflict, InvalidInput, NotAllowed
from procedures import city_part, demo, eforms, services, templates
from procedures.demo import birth_bundle, birth_parts, marital_status, transport_licence, vehicle_badge
from procedures.models import Component, Procedure, ProcedureVersion, ResultType, WorkflowStep
from procedures.states import Channel, CompetentAgencyRule, OnlineLevel, StepKind
from tests.factories import unsealed

CODES = ["1.000703", "1.004873", "2.002288"]
BUNDLE, PARTS = "9.100001", ["9.100002", "9.100003", "9.100004"]


def version_of(code: str) -> ProcedureVersion:
    return ProcedureVersion.objects.get(current_of__code=code)


@pytest.fixture
def loose(offered: None) -> ProcedureVersion:
    """A published version that says what 1.004873 says and is not sealed, so that a test can break it."""
    return unsealed("1.004873")


def test_the_demonstration_can_be_filed_from_start_to_end(offered: None):
    versions = ProcedureVersion.objects.open_for_filing().order_by("procedure__code")

    assert [version.procedure.code for version in versions] == [*CODES, BUNDLE, *PARTS]
    assert {version.online_level for version in versions} == {OnlineLevel.FULL_ONLINE}
    assert [services.check_fileable(version) for version in versions] == [[]] * 7
    assert all(version.short_name and version.guidance for version in versions)


def test_loading_the_demonstration_again_changes_nothing(offered: None):
    before = list(ProcedureVersion.objects.order_by("pk").values("pk", "updated_at"))

    demo.load()

    assert list(ProcedureVersion.objects.order_by("pk").values("pk", "updated_at")) == before


def test_the_deciding_agency_is_fixed_or_chosen(offered: None, department: Agency):
    assert version_of("1.004873").competent_agency_rule == CompetentAgencyRule.COMMUNE_OF_CHOICE
    assert version_of("2.002288").competent_agency == department


def test_the_upload_list_stands_beside_the_published_papers(offered: None):
    papers = version_of("2.002288").components.order_by("position")

    assert [(paper.is_upload, paper.is_required) for paper in papers] == [
        (False, False),
        (False, False),
        (True, True),
        (True, False),
    ]


def test_the_template_is_laid_over_the_published_result(offered: None):
    result = ResultType.objects.get(version=version_of("1.004873"))

    assert (result.code, result.symbol, result.validity_months) == ("KQ.G15.000038", "UBND-XNTTHN", 6)


def test_a_bundle_gives_its_parts_all_that_their_forms_ask_for(offered: None):
    version = version_of(BUNDLE)
    asked = eforms.of_version(version).fields

    links = list(version.links.order_by("position"))
    assert [link.procedure.code for link in links] == PARTS
    for link in links:
        part = eforms.of_version(version_of(link.procedure.code)).fields
        assert set(link.answers) == set(part)
        assert all(
            part[name].type == asked[source].type and asked[source].required >= part[name].required
            for name, source in link.answers.items()
        )


def test_a_bundle_is_not_offered_while_a_part_is_closed(offered: None):
    services.close_for_filing(version_id=version_of(PARTS[1]).pk, actor=Actor.system())

    assert [PARTS[1] in problem for problem in services.check_fileable(version_of(BUNDLE))] == [True]


def test_the_parts_of_a_bundle_go_along_to_its_next_version(offered: None):
    part = city_part.of(version_of(BUNDLE))

    assert [link.procedure for link in part.links] == PARTS


@pytest.mark.parametrize(
    "module", [marital_status, vehicle_badge, transport_licence, birth_bundle, *birth_parts.PARTS]
)
def test_every_place_of_a_template_is_in_its_form_and_every_question_is_in_english(module):
    part = getattr(module, "CITY_PART", None) or module.city_part
    part = part if isinstance(part, city_part.CityPart) else part(1)
    schema = eforms.parse(part.eform)

    for result in part.results:
        templates.parse(result.template, form_fields=frozenset(schema.fields))
    assert all(field.label_en for field in schema.fields.values())
    assert all(page.title_en for page in schema.pages)
    assert all(choice.label_en for field in schema.fields.values() for choice in field.choices)
    assert all(field.hint_en for field in schema.fields.values() if field.hint)


def test_steps_that_do_not_fill_the_time_limit_close_the_door(loose: ProcedureVersion):
    WorkflowStep.objects.filter(version=loose, kind=StepKind.EXAMINE).update(duration_value=Decimal(2))

    problems = services.check_fileable(version_of("1.004873"))

    assert len(problems) == 1
    assert "3.5" in problems[0]


def test_hours_and_days_of_work_add_up(loose: ProcedureVersion):
    WorkflowStep.objects.filter(version=loose, kind=StepKind.SIGN).update(
        duration_value=Decimal(4), duration_unit="working_hour"
    )

    assert services.check_fileable(version_of("1.004873")) == []


def test_calendar_time_cannot_stand_in_for_working_time(loose: ProcedureVersion):
    WorkflowStep.objects.filter(version=loose, kind=StepKind.SIGN).update(duration_unit="day")

    assert "không cùng loại" in services.check_fileable(version_of("1.004873"))[0]


def _set(version: ProcedureVersion, **columns: object) -> None:
    ProcedureVersion.objects.filter(pk=version.pk).update(**columns)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda version: version.workflow_steps.filter(kind=StepKind.SIGN).delete(), "thiếu bước"),
        (lambda version: version.workflow_steps.update(role="nobody"), "nobody"),
        (
            lambda version: version.channels.filter(channel=Channel.ONLINE).delete(),
            "trực tuyến chưa có thời hạn",
        ),
        (lambda version: version.result_types.update(template={}), "mẫu soạn thảo"),
        (lambda version: version.result_types.update(symbol=""), "ký hiệu"),
        (lambda version: version.result_types.update(template={"title": "x"}), "paragraphs"),
        (lambda version: _set(version, eform={}), "biểu mẫu"),
        (lambda version: _set(version, eform={"pages": 1}), "pages"),
        (lambda version: _set(version, competent_agency_rule="not_set"), "cơ quan"),
        (lambda version: _set(version, competent_agency_rule="fixed"), "cơ quan"),
        (lambda version: _set(version, status="draft"), "công bố"),
        (lambda version: Procedure.objects.update(current_version=None), "công bố"),
    ],
)
def test_what_is_missing_is_said_with_its_mend(loose: ProcedureVersion, change, says: str):
    change(loose)

    problems = services.check_fileable(ProcedureVersion.objects.get(pk=loose.pk))

    assert any(says in problem for problem in problems), problems


def test_a_version_that_is_not_ready_is_not_opened(loose: ProcedureVersion):
    loose.workflow_steps.all().delete()

    with pytest.raises(services.NotReady) as caught:
        services.open_for_filing(version_id=loose.pk, actor=Actor.system())

    assert caught.value.problems
    assert not version_of("1.004873").is_fileable


def test_only_who_looks_after_the_catalogue_opens_and_closes(offered: None):
    citizen = Actor(kind=ActorKind.PERSON, person_id=1)
    version = version_of("1.004873")

    with pytest.raises(NotAllowed):
        services.close_for_filing(version_id=version.pk, actor=citizen)
    with pytest.raises(NotAllowed):
        services.open_for_filing(version_id=version.pk, actor=citizen)


def test_a_city_part_is_written_once_and_only_if_it_can_be_read(loose: ProcedureVersion):
    part = city_part.of(loose)

    with pytest.raises(Conflict):
        services.add_city_part(version_id=loose.pk, part=part, actor=Actor.system())

    _set(loose, eform={}, short_name="", is_fileable=False)
    Component.objects.filter(version=loose, is_upload=True).delete()
    broken = city_part.CityPart("x", "", part.rule, {"pages": []}, (), (), ())
    with pytest.raises(InvalidInput):
        services.add_city_part(version_id=loose.pk, part=broken, actor=Actor.system())


def test_steps_side_by_side_take_the_time_of_the_longest(loose: ProcedureVersion):
    examining = loose.workflow_steps.get(kind=StepKind.EXAMINE)
    loose.workflow_steps.filter(pk=examining.pk).update(group=1)
    for step in loose.workflow_steps.filter(position__gt=examining.position).order_by("-position"):
        loose.workflow_steps.filter(pk=step.pk).update(position=step.position + 1)
    loose.workflow_steps.create(
        position=examining.position + 1,
        name="Xem bên cạnh",
        kind=StepKind.EXAMINE,
        role="unit_leader",
        duration_value=examining.duration_value,
        duration_unit=examining.duration_unit,
        group=1,
    )

    assert services.check_fileable(ProcedureVersion.objects.get(pk=loose.pk)) == []


def test_all_that_the_city_added_goes_along_to_the_next_version(loose: ProcedureVersion):
    upload = loose.components.filter(is_upload=True).order_by("position")[0]
    facts = {
        "name_en": "Map",
        "hint_en": "One page.",
        "accepted_sources": ["vault_item", "upload_plain"],
        "result_of": ["1.004873"],
        "condition": {"field": "x", "equals": "a"},
        "validity_months": 6,
        "is_digitised": False,
    }
    Component.objects.filter(pk=upload.pk).update(**facts)
    step = loose.workflow_steps.order_by("position")[1]
    type(step).objects.filter(pk=step.pk).update(
        group=2, is_optional=True, condition={"field": "x", "equals": "a"}
    )
    result = loose.result_types.exclude(template={}).order_by("position")[0]
    kept = {
        "until_event": "chủ giấy chuyển đi",
        "until_event_en": "the holder moves",
        "has_qr": False,
        "inspector_classes": ["traffic", "order"],
        "renewal_days": 15,
        "reissue_procedure": "9.000001",
    }
    ResultType.objects.filter(pk=result.pk).update(**kept)
    _set(loose, guidance_en="Come by.", messages={"dossier.accept": {"vi": "Đã nhận.", "en": "Received."}})
    part = city_part.of(ProcedureVersion.objects.get(pk=loose.pk))
    successor = ProcedureVersion.objects.create(procedure=loose.procedure, version_no=77, name=loose.name)

    city_part.write(successor, part)

    assert city_part.of(successor) == part
    row = successor.components.get(name=upload.name, is_upload=True)
    assert {name: getattr(row, name) for name in facts} == facts
    assert successor.result_types.filter(**kept).exists()
    assert successor.workflow_steps.filter(group=2, is_optional=True).exists()
    assert (successor.guidance_en, list(successor.messages)) == ("Come by.", ["dossier.accept"])
