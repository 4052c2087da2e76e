"""Forms about lost or damaged papers. For show: the service judges what is typed."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from dossiers.services import losses
from dossiers.states import LossKind


class RecordLoss(forms.Form):
    """Ghi nhận hồ sơ bị mất, hỏng."""

    kind = forms.ChoiceField(label=_("Việc gì xảy ra"), choices=LossKind, widget=forms.RadioSelect)
    what = forms.CharField(
        label=_("Giấy tờ nào bị mất, hỏng"),
        help_text=_("Ví dụ: bản chính giấy chứng nhận quyền sử dụng đất, cả tập hồ sơ giấy."),
        max_length=losses.WHAT_LENGTH,
    )
    found_at = forms.CharField(
        label=_("Phát hiện lúc"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"})
    )
    circumstances = forms.CharField(
        label=_("Việc xảy ra thế nào"),
        max_length=losses.TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    remedy = forms.CharField(
        label=_("Cơ quan khắc phục thế nào"),
        help_text=_(
            "Ghi cơ quan làm gì, bao giờ xong. Không yêu cầu người nộp trả tiền hay nộp lại giấy tờ."
        ),
        max_length=losses.TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    costs = forms.CharField(
        label=_("Các chi phí cơ quan chịu"),
        help_text=_("Ví dụ: lệ phí cấp lại, cước bưu chính. Bỏ trống: mọi chi phí."),
        required=False,
        max_length=losses.COSTS_LENGTH,
    )


class MendLoss(forms.Form):
    """Đã khắc phục."""

    note = forms.CharField(
        label=_("Đã khắc phục thế nào"),
        help_text=_("Người nộp đọc được nội dung này."),
        max_length=losses.TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
