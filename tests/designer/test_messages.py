"""Own words of notices in the designer: previewed as people get them, and refused with what is allowed."""

from __future__ import annotations

from typing import Any

from django.test import Client

from designer.posting import posted
from procedures import document
from procedures.models import ProcedureVersion
from tests.designer.conftest import address

URLENCODED = "application/x-www-form-urlencoded"


def said(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def save(keeper: Client, draft: ProcedureVersion, **own: dict[str, str]) -> Any:
    where = address("section", draft, slug="loi-nhan")
    page = keeper.get(where)
    data = posted(
        page.context["target"].part,
        {"messages": {topic.replace("__", "."): words for topic, words in own.items()}},
    )
    data["version"] = str(page.context["revision"])
    return keeper.post(where, data.urlencode(), content_type=URLENCODED)


def test_own_words_are_shown_as_people_get_them_in_both_languages(
    keeper: Client, draft: ProcedureVersion
) -> None:
    words = {"vi": "Hồ sơ {ma_ho_so} hẹn trả {hen_tra}.", "en": "Dossier {ma_ho_so}, return {hen_tra}."}
    assert save(keeper, draft, dossier__accept=words).status_code == 302

    page = keeper.get(address("section", draft, slug="loi-nhan"))

    shown = said(page)
    assert "Hồ sơ MAU-0000-0000 hẹn trả" in shown
    assert "Dossier MAU-0000-0000, return" in shown
    assert "Lời chung đang được thay" in shown
    assert "{hen_tra} hẹn trả kết quả" in shown  # the places that may stand in this notice


def test_a_place_that_is_not_known_is_told_beside_its_words(keeper: Client, draft: ProcedureVersion) -> None:
    answer = save(keeper, draft, dossier__accept={"vi": "Chào {ten}.", "en": ""})

    assert answer.status_code == 422
    problem = next(answer.context["tree"].problems())
    assert problem[0] == "id_messages-0-vi"
    assert "không có chỗ trống {ten}" in problem[2]
    assert "{ma_ho_so}" in problem[2]
    assert document.of_version(ProcedureVersion.objects.get(pk=draft.pk))["messages"]["dossier.accept"] == {
        "vi": "Đã tiếp nhận.",
        "en": "Received.",
    }


def test_a_draft_without_own_words_says_whose_words_are_used(keeper: Client, draft: ProcedureVersion) -> None:
    save(keeper, draft)

    assert "mọi thông báo dùng lời chung của thành phố" in said(
        keeper.get(address("section", draft, slug="loi-nhan"))
    )


def test_own_words_of_a_letter_are_shown_filled_and_asked_for_in_vietnamese_alone(
    keeper: Client, draft: ProcedureVersion
) -> None:
    where = address("section", draft, slug="loi-nhan")
    page = keeper.get(where)
    own = {"paper.refusal_notice.instruction": {"vi": "Sửa rồi nộp lại ở {noi_tiep_nhan}, mã {ma_ho_so}."}}
    data = posted(page.context["target"].part, {"messages": own})
    data["version"] = str(page.context["revision"])

    assert keeper.post(where, data.urlencode(), content_type=URLENCODED).status_code == 302

    page = keeper.get(where)
    shown = said(page)
    assert "Phiếu từ chối – hướng dẫn thêm, trước nơi hỏi" in shown
    assert "Sửa rồi nộp lại ở Bộ phận Một cửa (minh họa), mã MAU-0000-0000." in shown
    assert 'name="messages-0-vi"' in shown
    assert 'name="messages-0-en"' not in shown
    kept = document.of_version(ProcedureVersion.objects.get(pk=draft.pk))["messages"]
    assert kept == {"paper.refusal_notice.instruction": {**own["paper.refusal_notice.instruction"], "en": ""}}


def test_a_place_that_a_letter_does_not_have_is_told_beside_its_words(
    keeper: Client, draft: ProcedureVersion
) -> None:
    answer = save(keeper, draft, **{"paper.refusal_notice.closing": {"vi": "Hẹn {hen_tra}.", "en": ""}})

    assert answer.status_code == 422
    problem = next(answer.context["tree"].problems())
    assert (problem[0], "không có chỗ trống {hen_tra}" in problem[2]) == ("id_messages-0-vi", True)
