"""Own words of a procedure in the notices to applicants: which notices there are, and what may stand in their words.

A place is ``{name}`` and nothing else, as in the templates of results: no expression is ever evaluated. Own words take
the place of what a notice says by itself; the facts that the law wants named (NĐ 224/2026, art. 15.1.g) stay below.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

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


def problems(messages: Mapping[str, Mapping[str, str]]) -> Iterator[tuple[str, str]]:
    """Give what is wrong with own words, each with its path below ``messages``."""
    for topic, words in messages.items():
        known = TOPICS.get(topic)
        if known is None:
            yield (
                topic,
                _("Không có thông báo nào tên “%(topic)s”. Các thông báo: %(known)s.")
                % {
                    "topic": topic,
                    "known": ", ".join(TOPICS),
                },
            )
            continue
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
    known = TOPICS.get(topic)
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
