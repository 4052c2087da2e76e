"""Forms of internal steps and assignment. All are for show: the services judge what is typed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from core.widgets import PlainSelect
from dossiers.models import StepRecord
from dossiers.services import steps
from dossiers.services.processing import Load


def load_in_words(load: Load) -> str:
    """Write a specialist with the number of open dossiers, and of late ones where there are any."""
    words = ngettext("%(n)d hồ sơ đang giữ", "%(n)d hồ sơ đang giữ", load.open) % {"n": load.open}
    if load.late:
        words += ngettext(", %(n)d quá hạn", ", %(n)d quá hạn", load.late) % {"n": load.late}
    return f"{load.officer.full_name} ({words})"


class Reassign(forms.Form):
    """Phân công lại: another specialist, and why."""

    officer = forms.ChoiceField(label=_("Chuyên viên nhận hồ sơ"), widget=PlainSelect)
    reason = forms.CharField(
        label=_("Lý do phân công lại"),
        help_text=_("Được in trên phiếu kiểm soát."),
        max_length=steps.NOTE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, loads: Sequence[Load], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "—"), *((load.officer.pk, load_in_words(load)) for load in loads)]
        self.fields["officer"].choices = choices  # type: ignore[attr-defined]  # a form knows them as fields only


class PassStep(forms.Form):
    """Chuyển bước: done or left out, with a note, and who goes on."""

    skip = forms.BooleanField(label=_("Bỏ qua bước này vì không cần thực hiện"), required=False)
    next_officer = forms.ChoiceField(
        label=_("Người nhận bước tiếp theo"),
        help_text=_("Để trống thì mọi người giữ vai trò của bước đó đều nhận được."),
        required=False,
        widget=PlainSelect,
    )
    note = forms.CharField(
        label=_("Ghi chú"),
        help_text=_("Bắt buộc khi bỏ qua bước. Được in trên phiếu kiểm soát."),
        required=False,
        max_length=steps.NOTE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(
        self, *args: Any, step: StepRecord, receivers: Sequence[tuple[int, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if not step.is_optional:
            del self.fields["skip"]
        if receivers:
            self.fields["next_officer"].choices = [("", "—"), *receivers]  # type: ignore[attr-defined]  # as above
        else:
            del self.fields["next_officer"]


class ReturnStep(forms.Form):
    """Trả lại bước trước: to which step, and why."""

    to_position = forms.ChoiceField(label=_("Trả lại bước"), widget=PlainSelect)
    reason = forms.CharField(
        label=_("Lý do trả lại"),
        help_text=_("Được in trên phiếu kiểm soát. Thời hạn của hồ sơ không thay đổi."),
        max_length=steps.NOTE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, earlier: Sequence[StepRecord], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "—"), *((step.position, step.name) for step in earlier)]
        self.fields["to_position"].choices = choices  # type: ignore[attr-defined]  # as above
