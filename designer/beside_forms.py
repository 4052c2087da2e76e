"""Forms of what stands beside a procedure."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency
from core.widgets import PlainSelect
from procedures.services.guides import Words
from procedures.states import BlockerKind, Catalogue, GuideKind

MIB = 2**20


class GuideForm(forms.Form):
    """Thêm hoặc sửa một tài liệu hướng dẫn; what a kind does not have is not asked for."""

    title = forms.CharField(
        label=_("Tên"),
        max_length=160,
        help_text=_("Ví dụ: Tờ khai đã điền mẫu."),
        error_messages={"required": _("Hãy ghi tên của tài liệu, ví dụ: Tờ khai đã điền mẫu.")},
    )
    title_en = forms.CharField(label=_("Tên tiếng Anh"), max_length=160, required=False)
    url = forms.CharField(
        label=_("Địa chỉ"), max_length=500, help_text=_("Địa chỉ đầy đủ, bắt đầu bằng https://.")
    )
    file = forms.FileField(label=_("Tệp"), error_messages={"required": _("Hãy chọn tệp.")})
    poster = forms.FileField(
        label=_("Ảnh bìa"),
        required=False,
        help_text=_("JPG hoặc PNG, tối đa 5 MB. Hiện trước khi video được bấm phát."),
        widget=forms.FileInput({"accept": ".jpg,.jpeg,.png"}),
    )
    transcript = forms.CharField(
        label=_("Lời trong video"),
        required=False,
        max_length=50_000,
        help_text=_("Chép lại lời nói và việc làm trong video, cho người không nghe hoặc không xem được."),
        widget=forms.Textarea({"rows": 6}),
    )
    captions = forms.CharField(
        label=_("Phụ đề (WebVTT)"),
        required=False,
        max_length=200_000,
        help_text=_("Dán nội dung tệp .vtt: dòng đầu là WEBVTT. Để trống nếu đã có lời ở trên."),
        widget=forms.Textarea({"rows": 6, "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, kind: str, has_file: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        unasked = {
            GuideKind.SAMPLE: ("url", "poster", "transcript", "captions"),
            GuideKind.VIDEO: ("url",),
            GuideKind.LINK: ("file", "poster", "transcript", "captions"),
        }
        for name in unasked[GuideKind(kind)]:
            del self.fields[name]
        if has_file:
            for name in ("file", "poster"):
                self.fields.pop(name, None)
        elif kind == GuideKind.SAMPLE:
            self._say(
                _(
                    "PDF, JPG hoặc PNG, tối đa %d MB, 50 trang. Chỉ dùng dữ liệu minh họa: không có người thật."
                ),
                settings.UPLOAD_MAX_BYTES,
                ".pdf,.jpg,.jpeg,.png",
            )
        elif kind == GuideKind.VIDEO:
            self._say(
                _("MP4 (H.264, AAC) hoặc WebM, tối đa %d MB. Nên ở 480p, dưới 5 phút."),
                settings.GUIDE_VIDEO_MAX_BYTES,
                ".mp4,.webm",
            )

    def _say(self, text: Any, most: int, accept: str) -> None:
        field = self.fields["file"]
        field.help_text = text % (most // MIB)
        field.widget.attrs["accept"] = accept

    def words(self) -> Words:
        given = self.cleaned_data
        return Words(
            **{name: given.get(name) or "" for name in ("title", "title_en", "url", "transcript", "captions")}
        )


class BlockerForm(forms.Form):
    """Ghi hoặc sửa một vướng mắc."""

    kind = forms.ChoiceField(
        label=_("Vướng mắc"),
        choices=BlockerKind.choices,
        widget=PlainSelect,
        error_messages={"required": _("Hãy chọn vướng mắc.")},
    )
    legal_text = forms.CharField(
        label=_("Căn cứ pháp lý"),
        max_length=500,
        help_text=_("Điều luật đòi hỏi việc này, ví dụ: Luật Hộ tịch, điều 18."),
        error_messages={"required": _("Hãy ghi điều luật đòi hỏi việc này.")},
    )
    plan = forms.CharField(
        label=_("Cách gỡ"),
        required=False,
        max_length=2_000,
        help_text=_("Để trống để dùng cách gỡ bằng công nghệ mà thành phố đề xuất cho vướng mắc này."),
        widget=forms.Textarea({"rows": 3}),
    )
    planned_on = forms.DateField(
        label=_("Ngày hoàn thành"),
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
        error_messages={"invalid": _("Ngày chưa đúng. Hãy chọn lại.")},
    )
    agency = forms.ModelChoiceField(
        label=_("Cơ quan chịu trách nhiệm"),
        queryset=Agency.objects.none(),
        required=False,
        widget=PlainSelect,
        empty_label=_("chưa giao"),
    )

    def __init__(self, *args: Any, kind_is_set: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        agency = self.fields["agency"]
        assert isinstance(agency, forms.ModelChoiceField)
        agency.queryset = Agency.objects.order_by("name_sort", "pk")
        if kind_is_set:
            del self.fields["kind"]

    def said(self) -> dict[str, Any]:
        given = self.cleaned_data
        agency = given["agency"]
        return {
            "legal_text": given["legal_text"],
            "plan": given["plan"],
            "planned_on": given["planned_on"],
            "agency_id": agency.pk if agency else None,
        }


class CatalogueForm(forms.Form):
    """Chuyển danh mục."""

    catalogue = forms.ChoiceField(label=_("Danh mục thủ tục"), choices=Catalogue.choices, widget=PlainSelect)
    reason = forms.CharField(label=_("Lý do"), required=False, max_length=500)


class ServicesFileForm(forms.Form):
    """Nhập dịch vụ của danh mục khác."""

    file = forms.FileField(
        label=_("Tệp CSV hoặc YAML"),
        help_text=_("Mỗi dòng một dịch vụ; tối đa 2 MB, 2.000 dòng. Tệp được kiểm tra hết trước khi ghi."),
        error_messages={"required": _("Hãy chọn tệp."), "empty": _("Tệp trống. Hãy chọn tệp khác.")},
        widget=forms.FileInput({"accept": ".csv,.yaml,.yml"}),
    )
