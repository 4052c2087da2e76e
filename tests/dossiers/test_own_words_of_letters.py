"""A procedure's own words reach its official letters where a form leaves room, and nowhere else."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import datetime

import pytest

from dossiers import papers
from dossiers.models import Dossier, Paper
from dossiers.states import Form
from procedures import messages
from procedures.messages import Room
from tests.dossiers import test_paper_forms as forms
from tests.factories import NINE

pytestmark = pytest.mark.django_db

Case = Callable[[datetime], Dossier]
CASES: dict[Form, Case] = {
    Form.RECEIPT: forms.received_again,
    Form.SUPPLEMENT_NOTICE: forms.supplement,
    Form.REFUSAL_NOTICE: forms.refused,
    Form.APOLOGY: forms.extended,
    Form.STOP_NOTICE: forms.stopped,
    Form.PAYMENT_NOTICE: forms.obliged,
}
ROOMS = {topic: topic.split(".")[1:] for topic in messages.LETTERS}


def letter(dossier: Dossier, form: Form, own: dict[str, dict[str, str]]) -> str:
    paper = Paper(dossier=dossier, event=dossier.events.order_by("seq").last(), form=form)
    # What is published does not change; only its words are looked at here.
    paper.dossier.procedure_version.messages = own
    return html.unescape(re.sub(r"\s+", " ", papers.compose(paper).body))


def test_every_letter_is_tried_here() -> None:
    assert {form for form, _room in ROOMS.values()} == {str(one) for one in CASES}


@pytest.mark.parametrize("form", CASES)
def test_own_words_stand_in_their_rooms_with_their_places_filled_and_the_form_stays(form: Form) -> None:
    dossier = CASES[form](NINE)
    topics = [topic for topic, (name, _room) in ROOMS.items() if name == form]
    places = {topic: "".join(f"[{{{name}}}]" for name in messages.LETTERS[topic].places) for topic in topics}
    usual = letter(dossier, form, {})

    own = letter(dossier, form, {topic: {"vi": f"Lời {topic} {places[topic]}."} for topic in topics})

    said = re.findall(r"<p>(Lời paper\.[^<]+)</p>", own)
    assert [one.split()[1] for one in said] == topics  # in the order of the rooms
    assert all(dossier.reference in one or dossier.tracking_no in one for one in said)
    assert "{" not in " ".join(said)
    assert "[]" not in " ".join(said)
    assert re.sub(r" *<p>Lời paper\.[^<]+</p>", "", own).replace(" ", "") == usual.replace(" ", "")


def test_a_reason_follows_the_officers_and_an_instruction_comes_before_the_place_to_ask() -> None:
    own = {
        messages.letter_topic("refusal_notice", Room.REASON): {"vi": "Chỉ cấp cho xe đã đăng kiểm."},
        messages.letter_topic("refusal_notice", Room.INSTRUCTION): {"vi": "Đăng kiểm rồi nộp lại."},
    }

    page = letter(forms.refused(NINE), Form.REFUSAL_NOTICE, own)

    order = [page.index(one) for one in ("lý do cụ thể", "Chỉ cấp cho xe", "Đăng kiểm rồi", "Nơi hỏi")]
    assert order == sorted(order)
    assert "có quyền phản ánh, kiến nghị" in page


@pytest.mark.parametrize("words", ["{khong_co}", "  "])
def test_words_that_cannot_be_filled_are_left_out(words: str) -> None:
    topic = messages.letter_topic("refusal_notice", Room.CLOSING)
    dossier = forms.refused(NINE)

    assert letter(dossier, Form.REFUSAL_NOTICE, {topic: {"vi": words}}) == letter(
        dossier, Form.REFUSAL_NOTICE, {}
    )


def test_words_are_text_and_never_markup() -> None:
    topic = messages.letter_topic("refusal_notice", Room.CLOSING)
    paper = Paper(dossier=(one := forms.refused(NINE)), event=one.events.last(), form=Form.REFUSAL_NOTICE)
    paper.dossier.procedure_version.messages = {topic: {"vi": "<b>đậm</b>"}}

    assert "<b>" not in papers.compose(paper).body


def test_a_letter_has_no_english_and_only_the_rooms_of_its_form() -> None:
    problems = dict(
        messages.problems(
            {
                "paper.refusal_notice.closing": {"vi": "Chào.", "en": "Hello."},
                "paper.receipt.reason": {"vi": "Vì."},
            }
        )
    )

    assert list(problems) == ["paper.refusal_notice.closing.en", "paper.receipt.reason"]
