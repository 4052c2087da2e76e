"""The sections in which a document is edited, and where each path of a document is mended."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.errors import Text
from procedures.models import ProcedureVersion


@dataclass(frozen=True, slots=True)
class SectionPlace:
    """One page of the editor. ``parts`` are the entries of the document that are edited there."""

    slug: str
    label: Text
    parts: tuple[str, ...]
    lede: Text = ""

    @property
    def title(self) -> Text:
        """As the heading of its page."""
        return self.label


EFORM = SectionPlace(
    "bieu-mau", _("Biểu mẫu điện tử"), ("eform",), _("Những câu hỏi mà người nộp trả lời trên mạng.")
)
MESSAGES = SectionPlace(
    "loi-nhan",
    _("Lời nhắn riêng"),
    ("messages",),
    _("Lời riêng của thủ tục này trong từng thông báo và thư; không ghi thì dùng lời chung của thành phố."),
)
PUBLIC = frozenset(
    {"name", "published", "channels", "papers", "legal_bases", "online", "uploads", "results", "deciding"}
)
"""Entries of a document that people read on the public page."""
SECTIONS: tuple[SectionPlace, ...] = (
    SectionPlace(
        "chung",
        _("Thông tin chung"),
        (
            "name",
            "name_en",
            "short_name",
            "sector",
            "ministry",
            "kind",
            "levels",
            "applicant_categories",
            "decision",
            "effective_from",
            "effective_to",
            "source_url",
        ),
        _("Tên, lĩnh vực, quyết định công bố và ngày có hiệu lực."),
    ),
    SectionPlace(
        "noi-dung-cong-bo",
        _("Nội dung công bố"),
        ("published",),
        _("Chép đúng quyết định công bố; đây là phần pháp lý của thủ tục."),
    ),
    SectionPlace(
        "cach-thuc",
        _("Cách thức, thời hạn, phí"),
        ("channels",),
        _("Mỗi hình thức nộp có thời hạn và mức phí riêng."),
    ),
    SectionPlace(
        "giay-to", _("Giấy tờ đã công bố"), ("papers",), _("Thành phần hồ sơ như trong quyết định công bố.")
    ),
    SectionPlace("can-cu", _("Căn cứ pháp lý"), ("legal_bases",), _("Các văn bản mà thủ tục căn cứ vào.")),
    SectionPlace(
        "truc-tuyen",
        _("Dịch vụ trực tuyến"),
        ("online", "guidance", "guidance_en"),
        _("Làm được trên mạng đến đâu, và lời hướng dẫn cho người nộp."),
    ),
    SectionPlace(
        "dieu-kien",
        _("Kiểm tra điều kiện"),
        ("eligibility",),
        _("Vài câu hỏi cho biết trước ai nộp được, ai không và vì sao, ai cần thủ tục khác."),
    ),
    EFORM,
    SectionPlace(
        "tep-nop",
        _("Thành phần nộp trực tuyến"),
        ("uploads",),
        _("Giấy tờ cần khi nộp trên mạng. Xếp nguồn dữ liệu đã có lên đầu, tệp tải lên ở cuối."),
    ),
    SectionPlace(
        "quy-trinh",
        _("Quy trình nội bộ"),
        ("steps",),
        _("Ai làm gì trong bao lâu. Cộng lại phải bằng thời hạn."),
    ),
    SectionPlace(
        "ket-qua",
        _("Kết quả và mẫu kết quả"),
        ("results",),
        _("Người dân nhận được gì, và văn bản được soạn từ mẫu nào."),
    ),
    SectionPlace(
        "lien-thong",
        _("Thủ tục liên thông"),
        ("links",),
        _("Các thủ tục khác được làm cùng một lần nộp."),
    ),
    MESSAGES,
    SectionPlace(
        "tinh-gio",
        _("Cách tính thời gian"),
        ("clock",),
        _("Chỉ sửa khi luật chuyên ngành quy định khác."),
    ),
    SectionPlace("co-quan", _("Cơ quan giải quyết"), ("deciding",), _("Cơ quan nào giải quyết hồ sơ.")),
)
_BY_PART = {part: section for section in SECTIONS for part in section.parts}


def section_named(slug: str) -> SectionPlace | None:
    """Find a section by its part of the address."""
    return next((one for one in SECTIONS if one.slug == slug), None)


def section_after(slug: str) -> SectionPlace | None:
    """Give the section to fill in after one; None after the last."""
    slugs = [one.slug for one in SECTIONS]
    return dict(zip(slugs, SECTIONS[1:], strict=False)).get(slug)


def section_of(path: str) -> SectionPlace | None:
    """Find the section in which a path of the document is edited; None: in none (the code)."""
    return _BY_PART.get(re.split(r"[.\[]", path, maxsplit=1)[0])


def address_of(version: ProcedureVersion, path: str) -> str:
    """Give the address at which a path of the document is edited; else that of the version itself."""
    at = {"code": version.procedure.code, "version_no": version.version_no}
    section = section_of(path)
    if section is None:
        return reverse("designer:version", kwargs=at)
    if section is EFORM:
        return _of_form(at, path)
    if section is MESSAGES:
        path = message_path(path, list(version.messages))
    address = reverse("designer:section", kwargs={**at, "slug": section.slug})
    return f"{address}#{control_id(path)}"


def message_path(path: str, topics: Sequence[str]) -> str:
    """Turn ``messages.dossier.accept.vi`` into ``messages[0].vi``: its row on the page, by the topics in their order."""
    topic, _dot, language = path.removeprefix("messages.").rpartition(".")
    if topic not in topics:  # the notice itself is meant
        topic, language = path.removeprefix("messages."), "topic"
    return f"messages[{topics.index(topic)}].{language}" if topic in topics else path


def control_id(path: str) -> str:
    """Give the id of the control of a path: ``steps[2].time.value`` is ``id_steps-2-time-value``."""
    return "id_" + re.sub(r"[.\[\]]+", "-", path).strip("-")


def _of_form(at: dict[str, object], path: str) -> str:
    """Questions have pages of their own; all else of the form is on the page with its outline.

    A path of the lint names the question (``eform.ho_ten``), one of the strict reader its place
    (``eform.pages[0].fields[2].label``).
    """
    outline = reverse("designer:eform", kwargs=at)
    name = path.removeprefix("eform").lstrip(".").partition(".")[0]
    if not name or "[" in name:
        return outline
    if "-" in name:
        return f"{outline}#trang-{name}"
    return reverse("designer:question", kwargs={**at, "name": name})
