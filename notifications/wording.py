"""What a notice says: the city's messages to an applicant (domain: dossier life cycle, 4.3).

Each carries code, short name of the procedure, status, the next step and by when, and what the law wants named: agency,
who received and who handles, the times of reception, processing and return (NĐ 224/2026, art. 15.1.g). Nothing is in it
that a stranger who reads the mail could use: no reasons, no identification numbers, applicants' names as initials.

A procedure may have own words for a notice (`procedures.messages`); subject and facts stay the city's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils.formats import date_format
from django.utils.timezone import localdate, localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from agencies.models import Agency
from citizens.models import Person
from dossiers import clock
from dossiers.drafts import short
from dossiers.models import Dossier
from dossiers.states import Action
from procedures import messages
from procedures.models import ProcedureVersion

LONGEST_NAME = 120

NEW_DATE = "dossier.new_date"
"""What is told of a reception that gave the dossier another due date."""


@dataclass(frozen=True, slots=True)
class Wording:
    """Subject and body of a notice. The body is plain text, paragraphs apart by an empty line."""

    subject: str
    body: str


def of(*, topic: str, dossier: Dossier, at: datetime) -> Wording:
    """Word a notice in the language that is active: with the procedure's own words where it has some.

    :param topic: one of `TOPICS`. :param at: when it happened.
    """
    usual = _WORDINGS[topic](dossier, at)
    if topic not in dossier.procedure_version.messages:
        return usual
    own = messages.own_words(
        dossier.procedure_version.messages,
        topic,
        language=(get_language() or settings.LANGUAGE_CODE)[:2],
        facts=_places(topic, dossier, at),
    )
    if not own:
        return usual
    *said, facts = usual.body.split("\n\n")
    # Who did not come to the counter must still hear what to do about it.
    return Wording(usual.subject, "\n\n".join([own, *(said if _was_typed(topic, dossier) else ()), facts]))


def sample(*, topic: str, version: ProcedureVersion, at: datetime) -> tuple[Wording, Wording]:
    """Word a notice about an invented dossier of a version, for who writes its own words: as people get it, and with
    the city's usual words. Nothing is stored.
    """
    office = Agency(name=_("Cơ quan (minh họa)"))
    dossier = Dossier(
        tracking_no="MAU-0000-0000",
        procedure_version=version,
        submitter=Person(full_name="Nguyễn Văn Mẫu"),
        received_at_unit=office,
        competent_agency=version.competent_agency or office,
        accept_due_at=at + timedelta(hours=8),
        due_at=at + timedelta(days=3),
        next_due_at=at + timedelta(days=30),
    )
    return of(topic=topic, dossier=dossier, at=at), _WORDINGS[topic](dossier, at)


def _submitted(dossier: Dossier, at: datetime) -> Wording:
    return _notice(
        dossier,
        subject=_("Hồ sơ %(code)s đã nộp, đang chờ tiếp nhận"),
        happened=_("Hồ sơ của bạn đã được gửi đến %(unit)s lúc %(at)s và đang chờ cán bộ một cửa tiếp nhận."),
        next_step=_(
            "Cán bộ một cửa kiểm tra và trả lời bạn chậm nhất lúc %(accept_due)s. Bạn chưa cần làm gì thêm."
        ),
        at=at,
    )


def _accepted(dossier: Dossier, at: datetime) -> Wording:
    return _notice(
        dossier,
        subject=_("Hồ sơ %(code)s đã được tiếp nhận"),
        happened=_("%(unit)s đã tiếp nhận hồ sơ của bạn lúc %(at)s và chuyển cho chuyên viên giải quyết."),
        next_step=_("Hẹn trả kết quả: %(due)s. Giấy tiếp nhận và hẹn trả kết quả nằm trong trang hồ sơ."),
        at=at,
    )


def _accepted_at_counter(dossier: Dossier, at: datetime) -> Wording:
    return _notice(
        dossier,
        subject=_("Hồ sơ %(code)s đã được tiếp nhận"),
        happened=_("%(unit)s đã tiếp nhận tại quầy hồ sơ của bạn lúc %(at)s."),
        next_step=_(
            "Hẹn trả kết quả: %(due)s. Giữ giấy tiếp nhận và hẹn trả kết quả; khi đến nhận, mang theo giấy tờ tùy thân. "
            "Nếu bạn không nộp hồ sơ này, hãy gọi 1022 ngay."
        ),
        at=at,
    )


def _refused(dossier: Dossier, at: datetime) -> Wording:
    return _notice(
        dossier,
        subject=_("Hồ sơ %(code)s không được tiếp nhận"),
        happened=_("%(unit)s đã từ chối tiếp nhận hồ sơ của bạn lúc %(at)s."),
        next_step=_(
            "Lý do và hướng dẫn ghi trong phiếu từ chối ở trang hồ sơ. Sau khi sửa, bạn có thể nộp hồ sơ mới; "
            "cần hỏi thêm, hãy gọi 1022."
        ),
        at=at,
    )


def _asked(dossier: Dossier, at: datetime) -> Wording:
    return _notice(
        dossier,
        subject=_("Hồ sơ %(code)s cần bạn bổ sung"),
        happened=_("Hồ sơ của bạn còn thiếu hoặc có mục cần sửa. Cơ quan đã gửi yêu cầu bổ sung lúc %(at)s."),
        next_step=_(
            "Mở trang hồ sơ để xem từng mục cần bổ sung và cách làm, rồi gửi chậm nhất lúc %(next_due)s. "
            "Cần hỏi thêm, hãy gọi 1022."
        ),
        at=at,
    )


def _resubmitted(dossier: Dossier, at: datetime) -> Wording:
    return _notice(
        dossier,
        subject=_("Hồ sơ %(code)s: đã nhận bổ sung, đang chờ tiếp nhận"),
        happened=_supplement_came(dossier),
        next_step=_("Cán bộ một cửa kiểm tra và trả lời bạn chậm nhất lúc %(accept_due)s."),
        at=at,
    )


def _supplement_handed_in(dossier: Dossier, at: datetime) -> Wording:
    return _notice(
        dossier,
        subject=_("Hồ sơ %(code)s: đã nhận bổ sung, đang đối chiếu"),
        happened=_supplement_came(dossier),
        next_step=_(
            "Cán bộ một cửa đối chiếu rồi báo bạn ngày hẹn trả mới, hoặc mục nào chưa đạt và cách sửa. "
            "Bạn chưa cần làm gì thêm."
        ),
        at=at,
    )


def _supplement_came(dossier: Dossier) -> str:
    """Say how the answers came: who did not come to the counter must hear that somebody did in their name."""
    if not _was_typed("dossier.resubmit", dossier):
        return _("Phần bổ sung của bạn đã được gửi đến %(unit)s lúc %(at)s.")
    return _(
        "Cán bộ của %(unit)s đã nhập hộ tại quầy phần bổ sung của bạn và gửi lúc %(at)s. "
        "Nếu bạn không đến và không nhờ ai đến quầy, hãy gọi 1022 ngay."
    )


def _supplement_sent_back(dossier: Dossier, at: datetime) -> Wording:
    return _notice(
        dossier,
        subject=_("Hồ sơ %(code)s: phần bổ sung chưa đạt, cần bạn bổ sung lại"),
        happened=_("%(unit)s đã đối chiếu lúc %(at)s và thấy có mục bạn bổ sung chưa đạt."),
        next_step=_(
            "Mở trang hồ sơ để xem mục nào chưa đạt và cách sửa, rồi gửi lại chậm nhất lúc %(next_due)s: "
            "thời hạn không kéo dài. Các mục đã đạt không phải làm lại. Cần hỏi thêm, hãy gọi 1022."
        ),
        at=at,
    )


def _supplement_received(dossier: Dossier, at: datetime) -> Wording:
    return _notice(
        dossier,
        subject=_("Hồ sơ %(code)s: đã nhận đủ bổ sung"),
        happened=_("%(unit)s xác nhận lúc %(at)s là bạn đã bổ sung đủ. Hồ sơ được giải quyết tiếp."),
        next_step=_("Hẹn trả kết quả: %(due)s. Giấy tiếp nhận và hẹn trả mới nằm trong trang hồ sơ."),
        at=at,
    )


def _lapsed(dossier: Dossier, at: datetime) -> Wording:
    return _notice(
        dossier,
        subject=_("Hồ sơ %(code)s đã dừng vì hết thời hạn bổ sung"),
        happened=_("Cơ quan chưa nhận được bổ sung trong thời hạn nên hồ sơ dừng giải quyết từ %(at)s."),
        next_step=_("Nếu vẫn cần, bạn có thể nộp hồ sơ mới với giấy tờ đầy đủ. Cần hỏi thêm, hãy gọi 1022."),
        at=at,
    )


def _refused_on_substance(dossier: Dossier, at: datetime) -> Wording:
    return _notice(
        dossier,
        subject=_("Hồ sơ %(code)s bị từ chối giải quyết"),
        happened=_("%(agency)s đã từ chối giải quyết hồ sơ của bạn lúc %(at)s."),
        next_step=_(
            "Lý do và căn cứ ghi trong phiếu từ chối ở trang hồ sơ. Nếu không đồng ý, bạn có quyền khiếu nại; "
            "cần hỏi thêm, hãy gọi 1022."
        ),
        at=at,
    )


def _rerouted(dossier: Dossier, at: datetime) -> Wording:
    return _notice(
        dossier,
        subject=_("Hồ sơ %(code)s đã chuyển đến nơi tiếp nhận đúng"),
        happened=_("Hồ sơ của bạn được chuyển đến %(unit)s lúc %(at)s vì nơi này mới đúng thẩm quyền."),
        next_step=_(
            "Bạn không cần nộp lại. Cán bộ một cửa vẫn phải trả lời bạn chậm nhất lúc %(accept_due)s như đã hẹn."
        ),
        at=at,
    )


def _issued(dossier: Dossier, at: datetime) -> Wording:
    is_early = dossier.due_at is not None and localdate(at) < localdate(dossier.due_at)
    return _notice(
        dossier,
        subject=_("Hồ sơ %(code)s đã có kết quả"),
        happened=_("%(agency)s đã giải quyết xong hồ sơ của bạn lúc %(at)s, sớm hơn ngày hẹn trả %(due)s.")
        if is_early
        else _("%(agency)s đã giải quyết xong hồ sơ của bạn lúc %(at)s."),
        next_step=_("Mở trang hồ sơ để xem, tải và nhận kết quả điện tử."),
        at=at,
    )


def _bundle_completed(dossier: Dossier, at: datetime) -> Wording:
    return _notice(
        dossier,
        subject=_("Hồ sơ liên thông %(code)s đã giải quyết xong"),
        happened=_(
            "Mọi hồ sơ thành phần của hồ sơ liên thông đã có kết cục, hồ sơ cuối cùng xong lúc %(at)s."
        ),
        next_step=_("Mở trang hồ sơ để xem từng hồ sơ thành phần và nhận kết quả của hồ sơ đó."),
        at=at,
    )


def _with_the_post(dossier: Dossier, at: datetime) -> Wording:
    return _notice(
        dossier,
        subject=_("Hồ sơ %(code)s: kết quả đang được gửi qua bưu điện"),
        happened=_("%(unit)s đã giao bản giấy của kết quả cho bưu điện lúc %(at)s."),
        next_step=_(
            "Mở trang hồ sơ để xem mã bưu gửi và kết quả đang ở đâu. Hãy để ý điện thoại của bưu tá."
        ),
        at=at,
    )


def _not_delivered(dossier: Dossier, at: datetime) -> Wording:
    return _notice(
        dossier,
        subject=_("Hồ sơ %(code)s: bưu điện chưa giao được kết quả"),
        happened=_("Bưu điện báo lúc %(at)s là chưa giao được bản giấy của kết quả cho bạn."),
        next_step=_(
            "Mở trang hồ sơ để xem kết quả đang ở đâu. Cần đổi địa chỉ hoặc nhận tại quầy, hãy gọi 1022."
        ),
        at=at,
    )


def _handed_over(dossier: Dossier, at: datetime) -> Wording:
    return _notice(
        dossier,
        subject=_("Hồ sơ %(code)s: đã trả kết quả"),
        happened=_("Kết quả đã được trao lúc %(at)s. Cảm ơn bạn đã sử dụng dịch vụ công của thành phố."),
        next_step=_("Nếu bạn chưa nhận được hoặc kết quả có sai sót, hãy gọi 1022 và nêu mã hồ sơ."),
        at=at,
    )


def _recomputed(dossier: Dossier, at: datetime) -> Wording:
    return _notice(
        dossier,
        subject=_("Hồ sơ %(code)s: thời hạn được tính lại"),
        happened=_("Lịch làm việc của cơ quan thay đổi nên thời hạn của hồ sơ được tính lại lúc %(at)s."),
        next_step=_("Thời hạn mới: %(now_due)s. Mở trang hồ sơ để xem cách tính; bạn không cần làm gì thêm."),
        at=at,
    )


def _received_elsewhere(dossier: Dossier, at: datetime) -> Wording:
    """For cross-area intake the time counts from the reception by the competent agency (NĐ 309/2026, art. 8.3)."""
    return _notice(
        dossier,
        subject=_("Hồ sơ %(code)s: cơ quan giải quyết đã nhận"),
        happened=_("%(agency)s đã nhận hồ sơ của bạn lúc %(at)s; thời hạn giải quyết tính từ lúc này."),
        next_step=_("Hẹn trả kết quả: %(due)s. Bạn không cần làm gì thêm."),
        at=at,
    )


def _message_sent(dossier: Dossier, at: datetime) -> Wording:
    return _notice(
        dossier,
        subject=_("Hồ sơ %(code)s: cán bộ viết cho bạn"),
        happened=_("Cán bộ phụ trách hồ sơ đã viết cho bạn lúc %(at)s."),
        next_step=_("Mở trang hồ sơ, mục Trao đổi với cơ quan, để đọc và trả lời."),
        at=at,
    )


def _supplement_waiting(dossier: Dossier, at: datetime) -> Wording:
    return _notice(
        dossier,
        subject=_("Hồ sơ %(code)s sắp hết thời hạn bổ sung"),
        happened=_("Hồ sơ của bạn đang chờ giấy tờ, thông tin bổ sung. Thời hạn: %(next_due)s."),
        next_step=_(
            "Mở trang hồ sơ để xem từng mục cần bổ sung và nộp. Quá thời hạn này, hồ sơ sẽ dừng giải quyết."
        ),
        at=at,
    )


def _payment_waiting(dossier: Dossier, at: datetime) -> Wording:
    return _notice(
        dossier,
        subject=_("Hồ sơ %(code)s đang chờ bạn nộp tiền"),
        happened=_("Hồ sơ của bạn tạm dừng để chờ thực hiện nghĩa vụ tài chính. Thời hạn: %(next_due)s."),
        next_step=_(
            "Mở trang hồ sơ để xem số tiền và cách nộp. Hồ sơ được giải quyết tiếp ngay khi tiền được xác nhận."
        ),
        at=at,
    )


def _result_not_collected(dossier: Dossier, at: datetime) -> Wording:
    return _notice(
        dossier,
        subject=_("Hồ sơ %(code)s: kết quả đang chờ bạn nhận"),
        happened=_("%(agency)s đã giải quyết xong hồ sơ của bạn và bạn chưa nhận kết quả."),
        next_step=_("Mở trang hồ sơ để nhận kết quả điện tử, hoặc đến %(unit)s, mang theo giấy tiếp nhận."),
        at=at,
    )


def _extended(dossier: Dossier, at: datetime) -> Wording:
    return _notice(
        dossier,
        subject=_("Hồ sơ %(code)s: xin lỗi và hẹn lại ngày trả kết quả"),
        happened=_("%(agency)s xin lỗi vì chưa trả kết quả đúng hẹn và hẹn lại: %(due)s."),
        next_step=_(
            "Hồ sơ chỉ được hẹn lại một lần. Bạn không phải nộp thêm gì; lý do và văn bản xin lỗi nằm ở trang hồ sơ."
        ),
        at=at,
    )


def _stopped(dossier: Dossier, at: datetime) -> Wording:
    return _notice(
        dossier,
        subject=_("Hồ sơ %(code)s đã dừng giải quyết"),
        happened=_("%(agency)s đã dừng giải quyết hồ sơ của bạn lúc %(at)s."),
        next_step=_(
            "Lý do, việc trả lại bản chính và tiền (nếu có) ghi trong thông báo ở trang hồ sơ. "
            "Nếu không đồng ý, hãy gọi 1022 và nêu mã hồ sơ."
        ),
        at=at,
    )


def _under_correction(dossier: Dossier, at: datetime) -> Wording:
    return _notice(
        dossier,
        subject=_("Hồ sơ %(code)s: kết quả có sai sót, đang được sửa"),
        happened=_("%(agency)s xin lỗi bạn: kết quả đã cấp có sai sót và đang được sửa từ lúc %(at)s."),
        next_step=_("Bạn không phải nộp lại giấy tờ hay trả khoản nào. Cổng sẽ báo khi có bản mới."),
        at=at,
    )


def _loss(dossier: Dossier, at: datetime) -> Wording:
    return _notice(
        dossier,
        subject=_("Hồ sơ %(code)s: cơ quan xin lỗi vì giấy tờ bị mất, hỏng"),
        happened=_(
            "Giấy tờ của hồ sơ bạn nộp đã bị mất hoặc hỏng khi ở cơ quan. %(agency)s xin lỗi bạn và đang khắc phục từ "
            "lúc %(at)s."
        ),
        next_step=_(
            "Mọi chi phí khắc phục do cơ quan chịu; bạn không phải trả khoản nào. "
            "Thư xin lỗi và cách khắc phục nằm ở trang hồ sơ; cần hỏi, hãy gọi 1022."
        ),
        at=at,
    )


def _loss_mended(dossier: Dossier, at: datetime) -> Wording:
    return _notice(
        dossier,
        subject=_("Hồ sơ %(code)s: đã khắc phục việc mất, hỏng giấy tờ"),
        happened=_("Việc mất, hỏng giấy tờ của hồ sơ đã được khắc phục xong lúc %(at)s."),
        next_step=_("Bạn không phải làm gì thêm và không phải trả khoản nào. Xin lỗi bạn một lần nữa."),
        at=at,
    )


def _withdrawal_requested(dossier: Dossier, at: datetime) -> Wording:
    return _notice(
        dossier,
        subject=_("Hồ sơ %(code)s: đã nhận yêu cầu rút"),
        happened=_("Yêu cầu rút hồ sơ của bạn đã được ghi nhận lúc %(at)s và đang được xem xét."),
        next_step=_("Bạn chưa cần làm gì thêm. Cổng sẽ báo quyết định của cơ quan."),
        at=at,
    )


def _withdrawal_approved(dossier: Dossier, at: datetime) -> Wording:
    return _notice(
        dossier,
        subject=_("Hồ sơ %(code)s đã được rút"),
        happened=_("Cơ quan đã đồng ý cho bạn rút hồ sơ lúc %(at)s. Hồ sơ dừng giải quyết."),
        next_step=_(
            "Mở trang hồ sơ để xem cách nhận lại bản chính và khoản tiền được hoàn, nếu có. "
            "Bạn có thể nộp hồ sơ mới bất cứ lúc nào."
        ),
        at=at,
    )


def _withdrawal_denied(dossier: Dossier, at: datetime) -> Wording:
    return _notice(
        dossier,
        subject=_("Hồ sơ %(code)s: không rút được, tiếp tục giải quyết"),
        happened=_("Cơ quan đã xem xét và không cho rút hồ sơ lúc %(at)s. Hồ sơ được giải quyết tiếp."),
        next_step=_("Lý do ghi ở trang hồ sơ. Nếu không đồng ý, hãy gọi 1022 và nêu mã hồ sơ."),
        at=at,
    )


def _money_due(dossier: Dossier, at: datetime) -> Wording:
    """Message 6. No account number is ever in it: whoever sends one by mail is not the city."""
    return _notice(
        dossier,
        subject=_("Hồ sơ %(code)s: thông báo nộp phí, lệ phí hoặc nghĩa vụ tài chính"),
        happened=_(
            "%(agency)s đã thông báo khoản bạn phải nộp lúc %(at)s. Nộp chậm nhất lúc %(next_due)s; "
            "thời hạn giải quyết tạm dừng đến khi tiền được xác nhận."
        ),
        next_step=_(
            "Mở trang hồ sơ để xem số tiền, căn cứ và cách nộp. Cổng không gửi số tài khoản qua tin nhắn hay thư."
        ),
        at=at,
    )


def _money_confirmed(dossier: Dossier, at: datetime) -> Wording:
    return _notice(
        dossier,
        subject=_("Hồ sơ %(code)s: đã xác nhận tiền nộp"),
        happened=_("Khoản tiền của hồ sơ được xác nhận đã nộp lúc %(at)s. Hồ sơ được giải quyết tiếp."),
        next_step=_("Hẹn trả kết quả: %(due)s. Bạn không cần làm gì thêm."),
        at=at,
    )


def _money_cancelled(dossier: Dossier, at: datetime) -> Wording:
    return _notice(
        dossier,
        subject=_("Hồ sơ %(code)s: đã hủy thông báo nộp tiền"),
        happened=_("Thông báo nộp tiền gửi trước đây có sai sót và được hủy lúc %(at)s. Đừng nộp khoản đó."),
        next_step=_(
            "Hẹn trả kết quả: %(due)s. Nếu bạn đã nộp, hãy gọi 1022 và nêu mã hồ sơ để được hoàn lại."
        ),
        at=at,
    )


def _presence_needed(dossier: Dossier, at: datetime) -> Wording:
    """Where and when: of the verification that goes on."""
    when, place = _meeting(dossier)
    return _notice(
        dossier,
        subject=_("Hồ sơ %(code)s cần bạn có mặt khi xác minh"),
        happened=_("%(agency)s xác minh thực tế cho hồ sơ của bạn và cần bạn có mặt.")
        + " "
        + _("Thời gian: %(when)s. Địa điểm: %(place)s.") % {"when": when, "place": place.replace("%", "%%")},
        next_step=_("Mang theo giấy tờ tùy thân. Nếu không đến được, hãy gọi 1022 để hẹn lúc khác."),
        at=at,
    )


def _payment_called_off(dossier: Dossier, at: datetime) -> Wording:
    return _notice(
        dossier,
        subject=_("Hồ sơ %(code)s: không phải nộp khoản đã thông báo"),
        happened=_("Hồ sơ đã kết thúc nên khoản tiền đã thông báo được hủy lúc %(at)s. Đừng nộp khoản đó."),
        next_step=_(
            "Nếu bạn vừa nộp, số tiền sẽ được ghi nhận và hoàn lại. Cần hỏi thêm, hãy gọi 1022 và nêu mã hồ sơ."
        ),
        at=at,
    )


def _money_in_vain(dossier: Dossier, at: datetime) -> Wording:
    return _notice(
        dossier,
        subject=_("Hồ sơ %(code)s: tiền bạn nộp sẽ được hoàn lại"),
        happened=_("Cơ quan ghi nhận lúc %(at)s khoản tiền đến khi bạn không còn phải nộp."),
        next_step=_(
            "Số tiền này sẽ được hoàn lại. Mở trang hồ sơ để xem tình trạng; bạn không cần làm gì thêm."
        ),
        at=at,
    )


def _money_given_back(dossier: Dossier, at: datetime) -> Wording:
    return _notice(
        dossier,
        subject=_("Hồ sơ %(code)s: đã hoàn tiền"),
        happened=_("Cơ quan ghi nhận lúc %(at)s là đã hoàn tiền cho bạn."),
        next_step=_(
            "Số tiền và số chứng từ ghi ở trang hồ sơ. Nếu chưa nhận được, hãy gọi 1022 và nêu mã hồ sơ."
        ),
        at=at,
    )


def _presence_called_off(dossier: Dossier, at: datetime) -> Wording:
    return _notice(
        dossier,
        subject=_("Hồ sơ %(code)s: không cần có mặt khi xác minh nữa"),
        happened=_("Hồ sơ đã kết thúc nên buổi xác minh đã hẹn được hủy lúc %(at)s."),
        next_step=_("Bạn không cần đến nữa. Mở trang hồ sơ để xem vì sao hồ sơ kết thúc."),
        at=at,
    )


_WORDINGS: dict[str, Callable[[Dossier, datetime], Wording]] = {
    "dossier.submit": _submitted,
    "dossier.accept": _accepted,
    "dossier.accept_at_counter": _accepted_at_counter,
    "dossier.refuse_intake": _refused,
    "dossier.request_supplement": _asked,
    "dossier.approve_supplement": _asked,
    "dossier.resubmit": _resubmitted,
    "dossier.supplement_handed_in": _supplement_handed_in,
    "dossier.supplement_sent_back": _supplement_sent_back,
    "dossier.supplement_received": _supplement_received,
    "dossier.lapse": _lapsed,
    "dossier.refuse": _refused_on_substance,
    "dossier.reroute": _rerouted,
    "dossier.issue": _issued,
    "dossier.complete_bundle": _bundle_completed,
    "dossier.hand_to_post": _with_the_post,
    "dossier.post_not_delivered": _not_delivered,
    "dossier.hand_over": _handed_over,
    "dossier.extend": _extended,
    "dossier.stop": _stopped,
    "dossier.correct_result": _under_correction,
    "dossier.loss_incident": _loss,
    "dossier.loss_mended": _loss_mended,
    "dossier.request_withdrawal": _withdrawal_requested,
    "dossier.approve_withdrawal": _withdrawal_approved,
    "dossier.deny_withdrawal": _withdrawal_denied,
    "dossier.notify_obligation": _money_due,
    "dossier.confirm_payment": _money_confirmed,
    "dossier.cancel_obligation": _money_cancelled,
    "dossier.remind_payment": _payment_waiting,
    "dossier.verification_presence": _presence_needed,
    "dossier.presence_called_off": _presence_called_off,
    "dossier.record_payment": _money_in_vain,
    "dossier.pay_refund": _money_given_back,
    "dossier.payment_called_off": _payment_called_off,
    "dossier.recompute": _recomputed,
    NEW_DATE: _received_elsewhere,
    "dossier.message_sent": _message_sent,
    "alert.supplement_waiting": _supplement_waiting,
    "alert.payment_waiting": _payment_waiting,
    "alert.result_not_collected": _result_not_collected,
}
TOPICS = tuple(_WORDINGS)


def _was_typed(topic: str, dossier: Dossier) -> bool:
    """An officer did at the counter what is told of."""
    if topic == "dossier.accept_at_counter":
        return True
    if topic not in ("dossier.resubmit", "dossier.supplement_handed_in") or dossier.pk is None:
        return False
    last = dossier.supplements.order_by("-pk").first()
    return last is not None and last.typed_by_id is not None


def _places(topic: str, dossier: Dossier, at: datetime) -> dict[str, str]:
    """Give what the places of own words are filled with."""
    facts = _facts(dossier, at)
    values = {
        "ma_ho_so": facts["code"],
        "luc": facts["at"],
        "noi_tiep_nhan": facts["unit"],
        "co_quan": facts["agency"],
        "thu_tuc": short(str(dossier.procedure_version), length=LONGEST_NAME),
        "han_tiep_nhan": facts["accept_due"],
        "hen_tra": facts["due"],
        "han_cua_ban": facts["next_due"],
        "han_moi": facts["now_due"],
    }
    if topic == "dossier.verification_presence":
        values["thoi_gian"], values["dia_diem"] = _meeting(dossier)
    return {name: values[name] for name in messages.TOPICS[topic].places}


def _meeting(dossier: Dossier) -> tuple[str, str]:
    """Give when and where the verification that goes on takes place."""
    verification = dossier.verifications.order_by("-pk").first() if dossier.pk else None
    return _moment(verification.planned_at if verification else None), (
        verification.place if verification else "–"
    )


def _facts(dossier: Dossier, at: datetime) -> dict[str, str]:
    return {
        "code": dossier.reference,
        "at": _moment(at),
        "accept_due": _moment(dossier.accept_due_at),
        "due": _moment(dossier.due_at),
        "next_due": _moment(dossier.next_due_at),
        "now_due": _moment(dossier.next_due_at or dossier.due_at or dossier.accept_due_at),
        "unit": _unit(dossier),
        "agency": dossier.competent_agency.name if dossier.competent_agency else _unit(dossier),
    }


def _notice(dossier: Dossier, *, subject: str, happened: str, next_step: str, at: datetime) -> Wording:
    procedure = short(str(dossier.procedure_version), length=LONGEST_NAME)
    facts = _facts(dossier, at)
    lines = [
        _("Mã hồ sơ: %s") % dossier.reference,
        _("Thủ tục: %s") % procedure,
        _("Người nộp: %s") % initials(dossier.submitter.full_name),
        *_who_and_when(dossier),
    ]
    return Wording(
        subject=subject % facts, body="\n\n".join([happened % facts, next_step % facts, "\n".join(lines)])
    )


def _who_and_when(dossier: Dossier) -> Iterator[str]:
    yield _("Nơi tiếp nhận: %s") % _unit(dossier)
    if dossier.accepted_at is None:
        return
    accepted = dossier.events.filter(action__in=(Action.ACCEPT, Action.ACCEPT_AT_COUNTER))
    last = accepted.order_by("-seq").first()
    yield _named(_("Tiếp nhận lúc: %s") % _moment(dossier.accepted_at), last.actor_name if last else "")
    if dossier.competent_agency is not None:
        handler = dossier.current_handler
        yield _named(
            _("Cơ quan giải quyết: %s") % dossier.competent_agency.name, handler.full_name if handler else ""
        )
    with suppress(clock.NoTimeLimit):  # what was published is gone; the date that was promised holds
        yield _("Thời gian giải quyết: %s") % clock.time_limit(dossier)
    if dossier.returned_at is not None:
        yield _("Trả kết quả lúc: %s") % _moment(dossier.returned_at)
    elif dossier.completed_at is None and not clock.stands_still(dossier):
        yield _("Hẹn trả kết quả: %s") % _moment(dossier.due_at)


def _named(line: str, officer: str) -> str:
    return f"{line} ({officer})" if officer else line


def initials(name: str) -> str:
    """Shorten a name so that its bearer knows it and a stranger does not: "Trần Thị Hai" becomes "T. T. Hai"."""
    words = name.partition("(")[0].split()
    return " ".join([*(f"{word[0]}." for word in words[:-1]), *words[-1:]])


def _unit(dossier: Dossier) -> str:
    unit = dossier.received_at_unit
    return (unit.one_stop_name or unit.name) if unit else _("Bộ phận một cửa")


def _moment(at: datetime | None) -> str:
    return date_format(localtime(at), "DATETIME_FORMAT") if at else "–"
