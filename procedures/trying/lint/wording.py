"""Words that people understand: labels, hints, names, own messages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from django.utils.translation import gettext as _

from core.vietnamese import fold
from procedures import messages
from procedures.trying.findings import Finding, amber, red
from procedures.trying.lint.draft import Draft, Rule, says

_VAGUE = {
    fold(label)
    for label in (
        "khác",
        "thông tin",
        "thông tin khác",
        "nội dung",
        "nội dung khác",
        "giấy tờ",
        "giấy tờ khác",
        "giấy tờ liên quan",
        "các giấy tờ liên quan",
        "các giấy tờ khác có liên quan",
        "tài liệu",
        "tài liệu liên quan",
        "hồ sơ",
        "hồ sơ liên quan",
        "tệp",
        "tệp đính kèm",
        "file",
        "ghi chú",
        "số",
        "ngày",
        "tên",
    )
}
_LONGEST_LABEL = 160
_TOO_VAGUE_PHRASES = ("theo quy định", "nếu có yêu cầu", "và các giấy tờ khác", "giấy tờ có liên quan khác")


def labels_say_what_is_wanted(draft: Draft) -> Iterator[Finding]:
    texts = [(path, one.label) for path, one in draft.questions()]
    texts += [(f"{path}.name", row["name"]) for path, row in draft.rows("uploads")]
    for path, label in texts:
        bare = label.strip().rstrip(":").strip()
        if fold(bare) in _VAGUE or len(bare) < 3:
            yield red(
                "vague_label",
                path,
                _("“%s” không nói rõ cần gì. Viết cụ thể, ví dụ “Ngày cấp giấy phép cũ”.") % label,
            )
        elif word := says(label, *_TOO_VAGUE_PHRASES):
            yield red(
                "vague_label",
                path,
                _("“%s” để người dân phải đoán. Nêu đích danh giấy tờ hoặc thông tin.") % word,
            )
        if len(label) > _LONGEST_LABEL:
            yield amber(
                "long_label",
                path,
                _("Nhãn dài %d ký tự. Rút ngắn, phần giải thích chuyển xuống hướng dẫn.") % len(label),
            )
        if len(bare) > 3 and bare.isupper():
            yield amber(
                "shouted_label", path, _("“%s” viết toàn chữ hoa, khó đọc. Viết chữ thường.") % label[:60]
            )
        if label.rstrip().endswith(":"):
            yield amber("label_with_colon", path, _("“%s” có dấu hai chấm ở cuối. Bỏ dấu này.") % label[:60])


def questions_have_own_labels(draft: Draft) -> Iterator[Finding]:
    for page in draft.schema.pages:
        labels = Counter(one.label.strip().casefold() for one in page.fields if one.takes_answer)
        for one in page.fields:
            if one.takes_answer and labels[one.label.strip().casefold()] > 1 and one.condition is None:
                yield red(
                    "label_twice",
                    f"eform.{one.name}",
                    _("Trang này có hai câu cùng tên “%s”. Viết khác nhau.") % one.label,
                )


def hints_help(draft: Draft) -> Iterator[Finding]:
    for path, one in draft.questions():
        if one.hint and fold(one.hint).strip(" .") == fold(one.label).strip(" ."):
            yield amber("hint_repeats", path, _("Hướng dẫn chỉ lặp lại câu hỏi. Viết cách điền, hoặc bỏ."))


def the_service_has_a_short_name(draft: Draft) -> Iterator[Finding]:
    if draft.is_online and len(draft.document["name"]) > 80 and not draft.document["short_name"]:
        yield amber("no_short_name", "short_name", _("Tên dài, khó đọc trên điện thoại. Thêm tên ngắn."))
    if draft.is_online and not draft.document["guidance"]:
        yield amber(
            "no_guidance",
            "guidance",
            _("Chưa có lời hướng dẫn cho người nộp. Viết vài câu: ai nộp, cần gì, bao lâu."),
        )


def messages_have_both_languages(draft: Draft) -> Iterator[Finding]:
    for topic, words in draft.document["messages"].items():
        if not words["vi"]:
            yield red(
                "message_without_words",
                f"messages.{topic}.vi",
                _("Lời nhắn riêng chưa có tiếng Việt. Viết, hoặc bỏ lời nhắn này."),
            )


def messages_fill_their_places(draft: Draft) -> Iterator[Finding]:
    """What was kept by an earlier release may name places that are none; the reader refuses new ones."""
    for path, text in messages.problems(draft.document["messages"]):
        yield red("message_place", f"messages.{path}", text)


def messages_say_by_when(draft: Draft) -> Iterator[Finding]:
    for topic, words in draft.document["messages"].items():
        for language in messages.LANGUAGES:
            for name in messages.missing(topic, words[language]):
                yield red(
                    "message_without_deadline",
                    f"messages.{topic}.{language}",
                    _("Lời nhắn “%(message)s” không nói %(place)s. Thêm {%(name)s}.")
                    % {
                        "message": messages.ALL[topic].label,
                        "place": messages.ALL[topic].places[name],
                        "name": name,
                    },
                )


def messages_are_translated(draft: Draft) -> Iterator[Finding]:
    for topic, words in draft.document["messages"].items():
        if words["vi"] and words["vi"].strip() == words["en"].strip():
            yield amber(
                "message_not_translated",
                f"messages.{topic}.en",
                _("Lời nhắn tiếng Anh giống hệt tiếng Việt. Hãy dịch."),
            )


RULES: list[Rule] = [
    labels_say_what_is_wanted,
    questions_have_own_labels,
    hints_help,
    the_service_has_a_short_name,
    messages_have_both_languages,
    messages_fill_their_places,
    messages_say_by_when,
    messages_are_translated,
]
