"""Own words of a procedure in the notices to applicants and in official letters: which there are, and what may stand there.

A place is ``{name}`` and nothing else, as in the templates of results: no expression is ever evaluated. Own words take
the place of what a notice says by itself; the facts that the law wants named (NĐ 224/2026, art. 15.1.g) stay below.

The forms of official letters are fixed (TT 01/2018, TT 03/2025; domain: 4.5): title, head, facts, the officer's reason
and the applicant's rights stay as they are. Own words come in where a form leaves room: after the officer's reason, as
a further instruction before the place to ask, and as the last line. Letters are in Vietnamese.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import Text

LANGUAGES = ("vi", "en")
_PLACE = re.compile(r"\{([^{}]*)\}")
_BRACE = re.compile(r"[{}]")


Places = Mapping[str, Text]
"""What each place is filled with, in words for who writes."""

_EVERYWHERE: Places = {
    "ma_ho_so": gettext_lazy("mã hồ sơ"),
    "luc": gettext_lazy("lúc việc xảy ra"),
    "noi_tiep_nhan": gettext_lazy("nơi tiếp nhận"),
    "co_quan": gettext_lazy("cơ quan giải quyết"),
    "thu_tuc": gettext_lazy("tên ngắn của thủ tục"),
}
_RECEPTION: Places = {"han_tiep_nhan": gettext_lazy("hạn trả lời tiếp nhận")}
_RETURN: Places = {"hen_tra": gettext_lazy("hẹn trả kết quả")}
_DEADLINE: Places = {"han_cua_ban": gettext_lazy("hạn người nộp phải làm xong")}
_NEW_LIMIT: Places = {"han_moi": gettext_lazy("thời hạn được tính lại")}
_MEETING: Places = {
    "thoi_gian": gettext_lazy("thời gian xác minh"),
    "dia_diem": gettext_lazy("địa điểm xác minh"),
}


@dataclass(frozen=True, slots=True)
class Topic:
    """One notice. ``own`` are the places that only it has; without the ``needed`` ones people cannot act in time."""

    label: Text
    own: Places
    needed: tuple[str, ...] = ()
    is_letter: bool = False

    @property
    def places(self) -> dict[str, Text]:
        return {**_EVERYWHERE, **self.own}


def _asks(label: Text) -> Topic:
    return Topic(label, _DEADLINE, ("han_cua_ban",))


def _promises(label: Text) -> Topic:
    return Topic(label, _RETURN)


def _tells(label: Text) -> Topic:
    return Topic(label, {})


# fmt: off
TOPICS: dict[str, Topic] = {
    "dossier.submit":                Topic(gettext_lazy("Đã nộp, chờ tiếp nhận"), _RECEPTION, ("han_tiep_nhan",)),
    "dossier.accept":                _promises(gettext_lazy("Đã tiếp nhận")),
    "dossier.accept_at_counter":     _promises(gettext_lazy("Đã tiếp nhận tại quầy")),
    "dossier.refuse_intake":         _tells(gettext_lazy("Không được tiếp nhận")),
    "dossier.request_supplement":    _asks(gettext_lazy("Cần bổ sung")),
    "dossier.approve_supplement":    _asks(gettext_lazy("Cần bổ sung khi đang giải quyết")),
    "dossier.resubmit":              Topic(gettext_lazy("Đã nhận bổ sung, chờ tiếp nhận"), _RECEPTION),
    "dossier.supplement_handed_in":  _tells(gettext_lazy("Đã nhận bổ sung, đang đối chiếu")),
    "dossier.supplement_sent_back":  _asks(gettext_lazy("Phần bổ sung chưa đạt")),
    "dossier.supplement_received":   _promises(gettext_lazy("Đã nhận đủ bổ sung")),
    "dossier.lapse":                 _tells(gettext_lazy("Dừng vì hết hạn bổ sung")),
    "dossier.refuse":                _tells(gettext_lazy("Bị từ chối giải quyết")),
    "dossier.reroute":               Topic(gettext_lazy("Chuyển đến nơi tiếp nhận đúng"), _RECEPTION),
    "dossier.issue":                 _promises(gettext_lazy("Đã có kết quả")),
    "dossier.complete_bundle":       _tells(gettext_lazy("Hồ sơ liên thông đã xong")),
    "dossier.hand_to_post":          _tells(gettext_lazy("Kết quả đang được gửi qua bưu điện")),
    "dossier.post_not_delivered":    _tells(gettext_lazy("Bưu điện chưa giao được")),
    "dossier.hand_over":             _tells(gettext_lazy("Đã trả kết quả")),
    "dossier.extend":                Topic(gettext_lazy("Xin lỗi và hẹn lại"), _RETURN, ("hen_tra",)),
    "dossier.stop":                  _tells(gettext_lazy("Dừng giải quyết")),
    "dossier.correct_result":        _tells(gettext_lazy("Kết quả có sai sót, đang sửa")),
    "dossier.loss_incident":         _tells(gettext_lazy("Xin lỗi vì giấy tờ bị mất, hỏng")),
    "dossier.loss_mended":           _tells(gettext_lazy("Đã khắc phục việc mất, hỏng giấy tờ")),
    "dossier.request_withdrawal":    _tells(gettext_lazy("Đã nhận yêu cầu rút")),
    "dossier.approve_withdrawal":    _tells(gettext_lazy("Đã được rút")),
    "dossier.deny_withdrawal":       _tells(gettext_lazy("Không rút được")),
    "dossier.notify_obligation":     _asks(gettext_lazy("Thông báo nộp tiền")),
    "dossier.confirm_payment":       _promises(gettext_lazy("Đã xác nhận tiền nộp")),
    "dossier.cancel_obligation":     _promises(gettext_lazy("Hủy thông báo nộp tiền")),
    "dossier.remind_payment":        _asks(gettext_lazy("Nhắc nộp tiền")),
    "dossier.verification_presence": Topic(gettext_lazy("Cần có mặt khi xác minh"), _MEETING, tuple(_MEETING)),
    "dossier.presence_called_off":   _tells(gettext_lazy("Không cần có mặt khi xác minh nữa")),
    "dossier.record_payment":        _tells(gettext_lazy("Tiền nộp sẽ được hoàn lại")),
    "dossier.pay_refund":            _tells(gettext_lazy("Đã hoàn tiền")),
    "dossier.payment_called_off":    _tells(gettext_lazy("Không phải nộp khoản đã thông báo")),
    "dossier.recompute":             Topic(gettext_lazy("Thời hạn được tính lại"), _NEW_LIMIT, ("han_moi",)),
    "dossier.new_date":              _promises(gettext_lazy("Cơ quan giải quyết đã nhận")),
    "dossier.message_sent":          _tells(gettext_lazy("Cán bộ viết cho người nộp")),
    "alert.supplement_waiting":      _asks(gettext_lazy("Sắp hết hạn bổ sung")),
    "alert.payment_waiting":         _asks(gettext_lazy("Đang chờ nộp tiền")),
    "alert.result_not_collected":    _tells(gettext_lazy("Kết quả đang chờ được nhận")),
}
# fmt: on


class Room(StrEnum):
    """Where a form leaves room for own words."""

    REASON = "reason"
    INSTRUCTION = "instruction"
    CLOSING = "closing"


_ROOMS: dict[Room, Text] = {
    Room.REASON: gettext_lazy("giải thích thêm, sau lý do của cán bộ"),
    Room.INSTRUCTION: gettext_lazy("hướng dẫn thêm, trước nơi hỏi"),
    Room.CLOSING: gettext_lazy("lời kết, ngay trên chữ ký"),
}
_ALL_ROOMS, _NO_REASON = tuple(Room), (Room.INSTRUCTION, Room.CLOSING)

# fmt: off
_LETTERS: dict[str, tuple[Text, Places, tuple[Room, ...]]] = {
    "receipt":           (gettext_lazy("Giấy tiếp nhận và hẹn trả"), _RETURN, _NO_REASON),
    "supplement_notice": (gettext_lazy("Phiếu yêu cầu bổ sung"), _DEADLINE, _ALL_ROOMS),
    "refusal_notice":    (gettext_lazy("Phiếu từ chối"), {}, _ALL_ROOMS),
    "apology":           (gettext_lazy("Văn bản xin lỗi và hẹn lại"), _RETURN, _NO_REASON),
    "stop_notice":       (gettext_lazy("Thông báo dừng giải quyết"), {}, _ALL_ROOMS),
    "payment_notice":    (gettext_lazy("Thông báo nộp tiền"), _DEADLINE, _NO_REASON),
}
# fmt: on
"""Each by the name of its form: what it is called, its own places, the rooms that it leaves."""


def letter_topic(form: str, room: Room) -> str:
    """Give the entry under which the own words for a room of a letter are kept."""
    return f"paper.{form}.{room.value}"


LETTERS: dict[str, Topic] = {
    letter_topic(form, room): Topic(format_lazy("{} – {}", label, _ROOMS[room]), own, is_letter=True)
    for form, (label, own, rooms) in _LETTERS.items()
    for room in rooms
}
ALL: dict[str, Topic] = TOPICS | LETTERS
"""Everything that may have own words: notices, then letters."""


def problems(messages: Mapping[str, Mapping[str, str]]) -> Iterator[tuple[str, str]]:
    """Give what is wrong with own words, each with its path below ``messages``."""
    for topic, words in messages.items():
        known = ALL.get(topic)
        if known is None:
            yield (
                topic,
                _("Không có thông báo nào tên “%(topic)s”. Các thông báo: %(known)s.")
                % {
                    "topic": topic,
                    "known": ", ".join(ALL),
                },
            )
            continue
        if known.is_letter and words.get("en"):
            yield f"{topic}.en", _("Giấy tờ in bằng tiếng Việt. Hãy bỏ phần tiếng Anh.")
        for language in LANGUAGES:
            text = words.get(language) or ""
            for name in sorted(set(_PLACE.findall(text)) - set(known.places)):
                allowed = ", ".join(f"{{{one}}} ({label})" for one, label in known.places.items())
                yield (
                    f"{topic}.{language}",
                    _("Thông báo này không có chỗ trống {%(name)s}. Dùng được: %(allowed)s.")
                    % {"name": name, "allowed": allowed},
                )
            if _BRACE.search(_PLACE.sub("", text)):
                yield (
                    f"{topic}.{language}",
                    _("Dấu { } chỉ dùng để ghi chỗ trống, ví dụ {ma_ho_so}."),
                )


def missing(topic: str, text: str) -> list[str]:
    """Give the places that own words of a notice must have and do not; none where there are no words."""
    known = ALL.get(topic)
    return [one for one in known.needed if f"{{{one}}}" not in text] if known and text else []


def own_words(
    messages: Mapping[str, Mapping[str, str]], topic: str, *, language: str, facts: Mapping[str, str]
) -> str:
    """Give the own words of a notice with its places filled; empty where the city's usual words are to be used.

    Who reads a language in which nothing was written gets the usual words in it. So does everybody where the words
    name a place that is not known: they come from a file of another release, and nobody must read ``{abc}``.
    """
    text = (messages.get(topic) or {}).get(language) or ""
    if not text.strip() or any(name not in facts for name in _PLACE.findall(text)):
        return ""
    return _PLACE.sub(lambda place: facts[place[1]], text.strip())
