"""Refusals: expected answers to what cannot be done, in words for the person who asked.

A message says what is wrong and what to do next. A middleware and the API turn a refusal into a page or JSON;
anything that is not a refusal is a defect and is logged as one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise


class Refusal(Exception):
    """The portal will not do this. ``code`` is stable for machines, ``message`` is for people."""

    status = 400
    code = "refused"
    message: Text = _("Không thực hiện được yêu cầu này. Hãy kiểm tra lại rồi thử lại.")

    def __init__(self, message: Text | None = None, **data: Any) -> None:
        if message is not None:
            self.message = message
        self.data = data
        super().__init__(self.code)

    def __str__(self) -> str:
        return str(self.message)


class InvalidInput(Refusal):
    """Fields are wrong. ``errors`` maps a field's name to its problems, each with its mend."""

    status = 422
    code = "invalid_input"
    message = _("Thông tin chưa hợp lệ. Hãy sửa các mục được nêu rồi gửi lại.")

    def __init__(self, errors: Mapping[str, list[Text]], message: Text | None = None) -> None:
        super().__init__(message)
        self.errors = {name: list(problems) for name, problems in errors.items()}

    @property
    def problems(self) -> list[str]:
        """Every problem in words, in the order of the fields, for a page that shows them without its fields."""
        return [str(problem) for problems in self.errors.values() for problem in problems]


class NotAllowed(Refusal):
    """The actor may see the thing, but may not do this with it."""

    status = 403
    code = "not_allowed"
    message = _("Bạn không có quyền thực hiện việc này. Hãy liên hệ bộ phận một cửa nếu bạn cần được hỗ trợ.")


class Conflict(Refusal):
    """Somebody or something was faster, or the thing is no longer as it was shown."""

    status = 409
    code = "conflict"
    message = _("Thông tin đã thay đổi trong lúc bạn thao tác. Hãy tải lại trang rồi thực hiện lại.")


class TooManyRequests(Refusal):
    """Somebody asks too often; ``data["retry_after"]`` is when to come back, in seconds."""

    status = 429
    code = "too_many_requests"
    message = _("Bạn thao tác quá nhanh. Hãy chờ một phút rồi thử lại.")


class TooLarge(Refusal):
    """More was sent than is ever needed; nothing of it was read."""

    status = 413
    code = "too_large"

    def __init__(self, *, most: int) -> None:
        text = _("Dữ liệu gửi lên vượt quá %(limit)d MB. Hãy chọn tệp nhỏ hơn rồi gửi lại.")
        super().__init__(text % {"limit": most // 2**20}, most=most)


class Unavailable(Refusal):
    """A part that the portal needs does not answer. Nothing was changed."""

    status = 503
    code = "unavailable"
    message = _("Hệ thống tạm thời chưa xử lý được. Dữ liệu của bạn chưa thay đổi; hãy thử lại sau ít phút.")


def retry_headers(problem: Refusal) -> dict[str, str]:
    """Give the HTTP headers that say when to try again, where a refusal knows (``data["retry_after"]``, seconds)."""
    seconds = problem.data.get("retry_after")
    return {} if seconds is None else {"Retry-After": str(seconds)}
