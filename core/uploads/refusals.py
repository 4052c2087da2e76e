"""Why an uploaded file is not taken, in words that say how to mend it."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.errors import Refusal


class UploadRefused(Refusal):
    """A file is not taken. ``message`` names the file, the problem and the fix; ``data["name"]`` is the file."""

    status = 422
    code = "upload_refused"
    wording: Promise

    def __init__(self, name: str, **values: object) -> None:
        super().__init__(str(self.wording) % {"name": name, **values}, name=name, **values)


class EmptyFile(UploadRefused):
    code = "upload_empty"
    wording = _("Tệp “%(name)s” không có nội dung. Hãy mở tệp trên máy để kiểm tra rồi chọn lại.")


class TooLarge(UploadRefused):
    code = "upload_too_large"
    wording = _(
        "Tệp “%(name)s” lớn hơn %(limit)s MB. Hãy giảm độ phân giải khi quét hoặc chia thành nhiều tệp nhỏ hơn."
    )


class WrongKind(UploadRefused):
    code = "upload_wrong_kind"
    wording = _("Tệp “%(name)s” không thuộc loại được nhận. Hãy dùng tệp %(allowed)s.")


class HeicPicture(UploadRefused):
    code = "upload_heic"
    wording = _(
        "Ảnh “%(name)s” có định dạng HEIC nên chưa nhận được. "
        "Hãy lưu ảnh thành JPEG, hoặc trên iPhone chọn Cài đặt, Camera, Định dạng, Tương thích nhất rồi chụp lại."
    )


class Damaged(UploadRefused):
    code = "upload_damaged"
    wording = _(
        "Tệp “%(name)s” bị hỏng hoặc chưa tải lên hết. Hãy mở tệp trên máy để kiểm tra, lưu lại rồi tải lên lần nữa."
    )


class Encrypted(UploadRefused):
    code = "upload_encrypted"
    wording = _(
        "Tệp “%(name)s” có mật khẩu hoặc bị khóa. Hãy bỏ mật khẩu, hoặc in tệp ra một tệp PDF mới, rồi tải lên."
    )


class TooManyPages(UploadRefused):
    code = "upload_too_many_pages"
    wording = _(
        "Tệp “%(name)s” có %(pages)s trang, nhiều hơn %(limit)s trang cho phép. Hãy chia thành nhiều tệp rồi tải lên."
    )


class TooManyPixels(UploadRefused):
    code = "upload_too_many_pixels"
    wording = _(
        "Ảnh “%(name)s” có %(pixels)s triệu điểm ảnh, nhiều hơn %(limit)s triệu cho phép. "
        "Hãy chụp hoặc lưu lại ở độ phân giải thấp hơn."
    )


class ActiveContent(UploadRefused):
    """A signed PDF cannot be cleaned without breaking its signature, and an office file with macros not at all."""

    code = "upload_active_content"
    wording = _(
        "Tệp “%(name)s” có chứa mã lệnh hoặc tệp đính kèm bên trong nên không an toàn. "
        "Hãy xuất lại tệp không có nội dung này, hoặc xin bản khác từ nơi đã ký."
    )


class DynamicForm(UploadRefused):
    code = "upload_dynamic_form"
    wording = _(
        "Tệp “%(name)s” là biểu mẫu động (XFA), cán bộ sẽ không xem được nội dung. "
        "Hãy mở bằng phần mềm đã dùng để điền, in ra tệp PDF mới rồi tải lên."
    )


class Expanding(UploadRefused):
    code = "upload_expanding"
    wording = _(
        "Tệp “%(name)s” phình ra quá lớn khi mở nên không an toàn. Hãy xuất lại thành tệp PDF thông thường."
    )
