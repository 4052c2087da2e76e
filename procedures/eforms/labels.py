"""What people call the kinds of questions, and the places from which answers are filled in."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from core.errors import Text
from procedures.eforms.schema import FieldType

KIND_LABELS: dict[FieldType, Text] = {
    FieldType.TEXT: gettext_lazy("Một dòng chữ"),
    FieldType.TEXTAREA: gettext_lazy("Nhiều dòng chữ"),
    FieldType.DATE: gettext_lazy("Ngày"),
    FieldType.TIME: gettext_lazy("Giờ"),
    FieldType.MONTH: gettext_lazy("Tháng, năm"),
    FieldType.INTEGER: gettext_lazy("Số nguyên"),
    FieldType.DECIMAL: gettext_lazy("Số thập phân"),
    FieldType.MONEY: gettext_lazy("Số tiền (đồng)"),
    FieldType.PERSONAL_NUMBER: gettext_lazy("Số định danh cá nhân"),
    FieldType.ORGANISATION_CODE: gettext_lazy("Mã số doanh nghiệp"),
    FieldType.TAX_CODE: gettext_lazy("Mã số thuế"),
    FieldType.PHONE: gettext_lazy("Điện thoại"),
    FieldType.EMAIL: gettext_lazy("Thư điện tử"),
    FieldType.ADDRESS: gettext_lazy("Địa chỉ (phường, xã)"),
    FieldType.CHOICE: gettext_lazy("Chọn một"),
    FieldType.CHOICE_SEARCH: gettext_lazy("Chọn một, có tìm kiếm"),
    FieldType.MULTI_CHOICE: gettext_lazy("Chọn nhiều"),
    FieldType.CHECKBOX: gettext_lazy("Ô đánh dấu"),
    FieldType.YES_NO: gettext_lazy("Có hoặc không"),
    FieldType.REPEAT: gettext_lazy("Nhóm lặp lại"),
    FieldType.TABLE: gettext_lazy("Bảng"),
    FieldType.COMPUTED: gettext_lazy("Giá trị tự tính"),
    FieldType.FILE: gettext_lazy("Tệp"),
    FieldType.HEADING: gettext_lazy("Tiêu đề nhỏ"),
    FieldType.NOTE: gettext_lazy("Lời ghi chú"),
}
PREFILL_LABELS: dict[str, Text] = {
    "person.full_name": gettext_lazy("Họ và tên người nộp"),
    "person.birth_on": gettext_lazy("Ngày sinh"),
    "person.sex": gettext_lazy("Giới tính"),
    "person.nationality": gettext_lazy("Quốc tịch"),
    "person.personal_id_number": gettext_lazy("Số định danh cá nhân"),
    "person.address": gettext_lazy("Nơi cư trú"),
    "person.phone": gettext_lazy("Điện thoại"),
    "person.email": gettext_lazy("Thư điện tử"),
    "organisation.name": gettext_lazy("Tên tổ chức"),
    "organisation.code": gettext_lazy("Mã số tổ chức"),
    "organisation.address": gettext_lazy("Địa chỉ trụ sở"),
    "organisation.phone": gettext_lazy("Điện thoại tổ chức"),
    "organisation.email": gettext_lazy("Thư điện tử tổ chức"),
}
