"""Editing without a script: what is posted is what is kept, nothing is lost, nobody overwrites another."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client
from django.utils import timezone

from designer import eform_editing as editing
from designer.posting import posted
from designer.sections import SECTIONS
from procedures import document, eforms, services
from procedures.eforms.schema import FieldType
from procedures.models import ProcedureVersion
from tests.designer.conftest import KEEPER, address
from tests.procedures.every_kind import EVERY_KIND as FORM

FORM_TYPE = "application/x-www-form-urlencoded"
PARTS = [one.slug for one in SECTIONS if one.slug != "bieu-mau"]


def page_of(keeper: Client, where: str) -> tuple[Any, QueryDict]:
    """Open a page and give what it would post as it stands."""
    answer = keeper.get(where)
    assert answer.status_code == 200, where
    tree, target = answer.context["tree"], answer.context["target"]
    assert list(tree.problems()) == []
    data = posted(target.part, target.value)
    data["version"] = str(answer.context["revision"])
    return answer, data


def send(keeper: Client, where: str, data: QueryDict, *, do: str = "", **headers: Any) -> Any:
    data = data.copy()
    if do:
        data["do"] = do
    return keeper.post(where, data.urlencode(), content_type=FORM_TYPE, **headers)


def again(answer: Any) -> QueryDict:
    """Give what a page that has just answered would post."""
    data: QueryDict = answer.context["tree"].form.data.copy()
    data.pop("do", None)
    data["version"] = str(answer.context["revision"])
    return data


def said_by(version: ProcedureVersion) -> dict[str, Any]:
    return document.of_version(ProcedureVersion.objects.get(pk=version.pk))


def with_form(draft: ProcedureVersion, form: dict[str, Any]) -> ProcedureVersion:
    said = {**document.of_version(draft), "eform": form}
    return services.save(
        version_id=draft.pk, document=said, revision=draft.revision, actor=KEEPER, at=timezone.now()
    )


@pytest.mark.parametrize("slug", PARTS)
def test_saving_a_section_as_it_stands_changes_nothing(keeper: Client, draft, slug: str):
    where, before = address("section", draft, slug=slug), said_by(draft)
    _answer, data = page_of(keeper, where)

    assert send(keeper, where, data).status_code == 302

    assert said_by(draft) == before
    draft.refresh_from_db()
    assert draft.revision == 0


def test_saving_every_kind_of_question_as_it_stands_changes_nothing(keeper: Client, draft):
    draft = with_form(draft, {**FORM})
    before = said_by(draft)["eform"]
    for name in eforms.parse(FORM).fields:
        where = address("question", draft, name=name)
        _answer, data = page_of(keeper, where)
        answer = send(keeper, where, data)
        assert answer.status_code == 302, (name, list(answer.context["tree"].problems()))
        after = said_by(draft)["eform"]
        assert eforms.parse(after).fields.keys() == eforms.parse(before).fields.keys()
        now, then = (editing.found(form, name) for form in (after, before))
        assert long_form(now[0].questions[now[1]]) == long_form(then[0].questions[then[1]]), name


def long_form(question: dict[str, Any]) -> dict[str, Any]:
    """Give a question with its condition in the long form, and without what says nothing."""
    made = {key: one for key, one in question.items() if one is not False}
    if "show_if" in made:
        made["show_when"] = made.pop("show_if")
    if "fields" in made:
        made["fields"] = [long_form(one) for one in made["fields"]]
    return made


def test_a_row_is_added_moved_taken_out_and_put_back(keeper: Client, draft):
    where = address("section", draft, slug="quy-trinh")
    _answer, data = page_of(keeper, where)
    names = [step["name"] for step in said_by(draft)["steps"]]

    data["steps-pick"] = "verify"
    answer = send(keeper, where, data, do="add:steps")
    assert answer.status_code == 200
    added = [step["name"] for step in said_by(draft)["steps"]]
    assert added == [*names, "Xác minh"]

    drawn = again(answer)
    last = f"steps-{len(names)}"
    answer = send(keeper, where, drawn, do=f"up:{last}")
    assert [step["name"] for step in said_by(draft)["steps"]] == [*names[:-1], "Xác minh", names[-1]]

    drawn = again(answer)
    answer = send(keeper, where, drawn, do=f"remove:{last}")
    assert [step["name"] for step in said_by(draft)["steps"]] == names
    assert "Đã bỏ" in answer.content.decode()

    drawn = again(answer)
    send(keeper, where, drawn, do=f"restore:{last}")
    assert "Xác minh" in [step["name"] for step in said_by(draft)["steps"]]


def test_a_mistake_is_told_beside_its_control_and_nothing_is_lost(keeper: Client, draft):
    where = address("section", draft, slug="quy-trinh")
    _answer, data = page_of(keeper, where)
    data["steps-1-time-value"] = ""
    data["steps-0-name"] = "Tên đã gõ"

    answer = send(keeper, where, data)

    assert answer.status_code == 422
    assert [one[0] for one in answer.context["problems"]] == ["id_steps-1-time-value"]
    assert "Tên đã gõ" in answer.content.decode()
    assert "Tên đã gõ" not in str(said_by(draft))


def test_the_script_that_saves_is_answered_with_the_version_and_the_sum(keeper: Client, draft):
    where = address("section", draft, slug="quy-trinh")
    _answer, data = page_of(keeper, where)
    data["steps-0-time-value"] = "1,5"

    answer = send(keeper, where, data, HTTP_X_AUTOSAVE="1")

    assert answer.json()["version"] == 1
    assert "chưa bằng nhau" in answer.json()["worked_out"]["steps"]
    data["version"] = "1"
    data["steps-0-time-value"] = "x"
    assert send(keeper, where, data, HTTP_X_AUTOSAVE="1").status_code == 422


def test_somebody_who_was_faster_is_not_overwritten(keeper: Client, draft):
    where = address("section", draft, slug="chung")
    _answer, data = page_of(keeper, where)
    other = {**document.of_version(draft), "short_name": "Tên của người khác"}
    services.save(version_id=draft.pk, document=other, revision=0, actor=KEEPER, at=timezone.now())
    data["short_name"] = "Tên của tôi"

    assert send(keeper, where, data, HTTP_X_AUTOSAVE="1").status_code == 409
    answer = send(keeper, where, data)

    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Người khác vừa sửa bản thảo này" in page
    assert "Tên của người khác" in page
    assert "Tên của tôi" in page
    data["version"] = str(answer.context["revision"])
    send(keeper, where, data)
    assert said_by(draft)["short_name"] == "Tên của tôi"


def test_a_save_is_taken_back_and_done_again(keeper: Client, draft):
    where = address("section", draft, slug="chung")
    _answer, data = page_of(keeper, where)
    data["short_name"] = "Vỉa hè"
    send(keeper, where, data)

    answer = keeper.post(address("undo", draft), {"next": where, "version": "1"})
    assert answer["Location"] == where
    assert said_by(draft)["short_name"] == ""
    keeper.post(address("redo", draft), {"next": "https://example.com/", "version": "0"})
    assert said_by(draft)["short_name"] == "Vỉa hè"
    told = keeper.post(address("undo", draft), {"next": where, "version": "0"}, follow=True)
    assert "Người khác vừa sửa bản thảo này" in told.content.decode()
    assert said_by(draft)["short_name"] == "Vỉa hè"


def test_a_button_for_a_question_that_somebody_took_out_says_so(keeper: Client, draft):
    where = address("eform", draft)
    removed = {"do": "remove:dien_thoai", "version": "0"}
    names = [one["name"] for one in said_by(draft)["eform"]["pages"][0]["fields"]]
    removed["do"] = f"remove:{names[-1]}"
    assert keeper.post(where, removed).status_code == 302
    again_pressed = keeper.post(where, removed)
    assert again_pressed.status_code == 422
    assert "Người khác vừa sửa bản thảo này" in again_pressed.content.decode()


def test_own_words_and_accepted_sources_keep_their_order(keeper: Client, draft):
    where = address("section", draft, slug="tep-nop")
    _answer, data = page_of(keeper, where)
    answer = send(keeper, where, data, do="add:uploads")
    drawn = again(answer)
    new = answer.context["focus"]
    drawn[f"{new}-accepted_sources-pick"] = "vault_item"
    answer = send(keeper, where, drawn, do=f"add:{new}-accepted_sources")
    drawn = again(answer)
    send(keeper, where, drawn, do=f"up:{new}-accepted_sources-1")
    assert said_by(draft)["uploads"][-1]["accepted_sources"] == ["vault_item", "upload_plain"]

    where = address("section", draft, slug="loi-nhan")
    _answer, data = page_of(keeper, where)
    data["messages-pick"] = "dossier.issue"
    answer = send(keeper, where, data, do="add:messages")
    drawn = again(answer)
    drawn["messages-1-vi"] = "Mang theo bản chính khi nhận kết quả."
    send(keeper, where, drawn)
    assert said_by(draft)["messages"]["dossier.issue"]["vi"] == "Mang theo bản chính khi nhận kết quả."


# The e-form


def press(keeper: Client, draft: ProcedureVersion, do: str, **data: str) -> Any:
    draft.refresh_from_db()
    body = {"version": draft.revision, "do": do, **data}
    return keeper.post(address("eform", draft), body)


def names(draft: ProcedureVersion) -> list[str]:
    return list(eforms.parse(said_by(draft)["eform"]).fields)


@pytest.mark.parametrize("kind", [one for one in FieldType if one is not FieldType.FILE])
def test_a_question_of_every_kind_is_added_and_shown(keeper: Client, draft, kind: FieldType):
    press(keeper, draft, "add-question:1", label="Câu hỏi thêm vào", kind=kind.value)

    assert names(draft)[-1] == "cau_hoi_them_vao"
    page = keeper.get(address("question", draft, name="cau_hoi_them_vao"))
    assert page.status_code == 200
    assert "Câu hỏi thêm vào" in keeper.get(address("preview", draft), {"trang": "via-he"}).content.decode()


def test_the_outline_moves_takes_out_and_orders(keeper: Client, draft):
    before = names(draft)
    press(keeper, draft, f"up:{before[1]}")
    assert names(draft) == [before[1], before[0], *before[2:]]
    press(keeper, draft, f"down:{before[0]}")
    assert names(draft)[:3] == [before[1], before[0], before[2]]
    assert said_by(draft)["eform"]["pages"][1]["fields"][0]["name"] == before[0]
    press(keeper, draft, "add-page", title="Cam kết")
    assert said_by(draft)["eform"]["pages"][-1]["id"] == "cam-ket"
    press(keeper, draft, "add-section:cam-ket", title="Phần hai")
    assert [one["title"] for one in said_by(draft)["eform"]["pages"][-1]["sections"]] == [
        "Cam kết",
        "Phần hai",
    ]
    press(keeper, draft, "page-up:cam-ket")
    assert said_by(draft)["eform"]["pages"][1]["id"] == "cam-ket"
    answer = press(keeper, draft, "remove-page:cam-ket")
    assert "da-bo=Cam" in answer["Location"]
    assert keeper.get(answer["Location"]).status_code == 200


def test_a_question_that_others_depend_on_is_not_taken_out(keeper: Client, draft):
    before = names(draft)

    answer = press(keeper, draft, "remove:muc_dich")

    assert answer.status_code == 422
    assert "Phải là tên của một câu hỏi đứng trước." in answer.content.decode()
    assert names(draft) == before
    assert press(keeper, draft, "remove:khong_co").status_code == 404
    assert press(keeper, draft, "dance:muc_dich").status_code == 404


def test_a_condition_is_built_from_question_comparison_and_answer(keeper: Client, draft):
    where = address("question", draft, name="so_giay_phep_xd")
    _answer, data = page_of(keeper, where)
    assert data["show_when-rows-0-field"] == "muc_dich"
    data["show_when-rows-0-how"] = "not_in"
    data.setlist("show_when-rows-0-chosen", ["a"])
    send(keeper, where, data)

    place, at = editing.found(said_by(draft)["eform"], "so_giay_phep_xd")
    assert place.questions[at]["show_when"] == {"field": "muc_dich", "not_equals": "a"}


def test_a_worked_out_value_is_built_from_its_parts(keeper: Client, draft):
    for label in ("Giá một ngày", "Số ngày"):
        press(keeper, draft, "add-question:1", label=label, kind="integer")
    press(keeper, draft, "add-question:1", label="Tổng", kind="computed")
    where = address("question", draft, name="tong")
    _answer, data = page_of(keeper, where)
    data["value-operation"] = "product"
    data.setlist("value-parts-row", ["0", "1"])
    data["value-parts-0-what"], data["value-parts-1-what"] = "gia_mot_ngay", "so_ngay"
    data["shown_as"] = "money"
    answer = send(keeper, where, data)

    assert answer.status_code == 302
    place, at = editing.found(said_by(draft)["eform"], "tong")
    assert place.questions[at]["value"] == {"product": [{"field": "gia_mot_ngay"}, {"field": "so_ngay"}]}


def test_another_kind_brings_its_own_controls(keeper: Client, draft):
    press(keeper, draft, "add-question:1", label="Hình thức", kind="text")
    where = address("question", draft, name="hinh_thuc")
    _answer, data = page_of(keeper, where)
    data["type"] = "choice"

    assert send(keeper, where, data, do="refresh").status_code == 302
    answer = keeper.get(where)

    assert "Lựa chọn 1" in answer.content.decode()
    place, at = editing.found(said_by(draft)["eform"], "hinh_thuc")
    assert place.questions[at]["type"] == "choice"


def test_what_lines_cannot_say_is_kept_as_it_is(keeper: Client, draft):
    form = said_by(draft)["eform"]
    deep = {"not": {"field": "muc_dich", "equals": "a"}}
    place, at = editing.found(form, "so_giay_phep_xd")
    draft = with_form(
        draft, editing.replace_question(form, "so_giay_phep_xd", {**place.questions[at], "show_when": deep})
    )
    where = address("question", draft, name="so_giay_phep_xd")
    answer, data = page_of(keeper, where)
    assert "giữ điều kiện phức tạp" in answer.content.decode()
    data["label"] = "Số giấy phép"
    send(keeper, where, data)

    place, at = editing.found(said_by(draft)["eform"], "so_giay_phep_xd")
    assert place.questions[at]["show_when"] == deep
    assert place.questions[at]["label"] == "Số giấy phép"


CHECK: dict[str, Any] = {
    "questions": [
        {
            "name": "tuoi",
            "type": "integer",
            "label": "Bạn bao nhiêu tuổi?",
            "label_en": "Your age?",
            "min": 0,
        },
        {
            "name": "noi_o",
            "type": "choice",
            "label": "Ở đâu?",
            "choices": [["dn", "Đà Nẵng", "Da Nang"], ["khac", "Nơi khác"]],
            "show_when": {"field": "tuoi", "at_least": 18},
        },
    ],
    "outcomes": [
        {
            "condition": {"any": [{"field": "tuoi", "less": 18}, {"field": "noi_o", "equals": "khac"}]},
            "result": "cannot",
            "reason": "Chưa đủ tuổi hoặc ở nơi khác.",
            "law": "Luật Cư trú 2020, điều 20",
        }
    ],
}


def test_the_check_before_filing_is_edited_in_a_section_of_its_own(keeper: Client, draft):
    services.save(
        version_id=draft.pk,
        document={**document.of_version(draft), "eligibility": CHECK},
        revision=draft.revision,
        actor=KEEPER,
        at=timezone.now(),
    )
    where, before = address("section", draft, slug="dieu-kien"), said_by(draft)["eligibility"]
    _answer, data = page_of(keeper, where)

    assert send(keeper, where, data).status_code == 302
    assert said_by(draft)["eligibility"] == before

    _answer, data = page_of(keeper, where)
    answer = send(keeper, where, data, do="add:eligibility-questions")
    added = said_by(draft)["eligibility"]["questions"]
    assert answer.status_code == 200
    assert [one["type"] for one in added] == ["integer", "choice", "yes_no"]
    assert added[2]["name"]

    data = again(answer)
    data["eligibility-outcomes-0-reason"] = ""
    refused = send(keeper, where, data)
    assert refused.status_code == 422
    assert "Hãy nói rõ vì sao" in refused.content.decode()


def test_beside_what_is_typed_stands_the_public_page_that_it_makes(keeper: Client, draft):
    where = address("section", draft, slug="cach-thuc")
    _answer, data = page_of(keeper, where)
    data["channels-0-time-value"] = "17"
    data["channels-0-fees-row"] = "0"
    data["channels-0-fees-0-kind"], data["channels-0-fees-0-amount_vnd"] = "fee", "123000"
    send(keeper, where, data)

    for slug in (
        "chung",
        "noi-dung-cong-bo",
        "cach-thuc",
        "giay-to",
        "can-cu",
        "tep-nop",
        "ket-qua",
        "co-quan",
    ):
        page = keeper.get(address("section", draft, slug=slug)).content.decode()
        preview = page.partition('id="preview"')[2]
        assert "Căn cứ pháp lý" in preview, slug
        assert "123.000" in preview, slug
    for slug in ("quy-trinh", "tinh-gio", "lien-thong", "dieu-kien"):
        assert 'id="preview"' not in keeper.get(address("section", draft, slug=slug)).content.decode(), slug
