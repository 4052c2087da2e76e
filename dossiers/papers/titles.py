"""What a form is called and which number it has: both follow the rules that its dossier keeps (domain: 4.5)."""

from __future__ import annotations

from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dossiers import rule_sets
from dossiers.models import Dossier, Paper
from dossiers.rule_sets import RuleSet
from dossiers.states import Form

_TITLES: dict[Form, Promise] = {
    Form.ACKNOWLEDGEMENT: gettext_lazy("Xác nhận đã nhận hồ sơ trực tuyến"),
    Form.RECEIPT: gettext_lazy("Giấy tiếp nhận hồ sơ và hẹn trả kết quả"),
    Form.SUPPLEMENT_NOTICE: gettext_lazy("Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ"),
    Form.REFUSAL_NOTICE: gettext_lazy("Phiếu từ chối tiếp nhận giải quyết hồ sơ"),
    Form.APOLOGY: gettext_lazy("Văn bản xin lỗi và đề nghị gia hạn thời gian giải quyết"),
    Form.STOP_NOTICE: gettext_lazy("Thông báo dừng giải quyết hồ sơ"),
    Form.CONTROL_SHEET: gettext_lazy("Phiếu kiểm soát quá trình giải quyết hồ sơ"),
    Form.PAYMENT_NOTICE: gettext_lazy("Thông báo thực hiện nghĩa vụ tài chính"),
    Form.VERIFICATION_RECORD: gettext_lazy("Biên bản xác minh"),
    Form.OPINION_LETTER: gettext_lazy("Phiếu lấy ý kiến phối hợp"),
    Form.WITHDRAWAL_REQUEST: gettext_lazy("Đơn xin rút hồ sơ"),
    Form.CORRECTION_DECISION: gettext_lazy("Quyết định sửa kết quả có sai sót"),
    Form.LOSS_APOLOGY: gettext_lazy("Thư xin lỗi về việc hồ sơ bị mất, hỏng"),
}
_TITLES_OF_2018: dict[Form, Promise] = {
    Form.APOLOGY: gettext_lazy("Phiếu xin lỗi và hẹn lại ngày trả kết quả"),
}


def rules_of(dossier: Dossier, *, at: datetime) -> RuleSet:
    """Give the rules of a paper of the dossier: those in force at ``at`` before its acceptance, then its own."""
    accepted = dossier.accepted_at is not None and dossier.accepted_at <= at
    return rule_sets.named(dossier.rule_set, at=at) if accepted else rule_sets.in_force(at)


def title(form: str, rules: RuleSet) -> str:
    """Give a form's title as the set of forms in force under the rules has it."""
    one = Form(form)
    if Form.STOP_NOTICE not in rules.form_numbers and one in _TITLES_OF_2018:
        return str(_TITLES_OF_2018[one])
    return str(_TITLES[one])


def number(form: str, rules: RuleSet) -> str:
    """Give a form's number in its set, "" for a paper that the set does not know."""
    return rules.form_numbers.get(Form(form), "")


def label(paper: Paper) -> str:
    """Give what a paper is called in a list, its number first. Reads ``paper.dossier`` and ``paper.event``."""
    rules = rules_of(paper.dossier, at=paper.event.at)
    name, numbered = title(paper.form, rules), number(paper.form, rules)
    return _("Mẫu số %(number)s – %(title)s") % {"number": numbered, "title": name} if numbered else name
