"""The procedure that is filed in benchmarks: ten questions and one paper."""

from __future__ import annotations

from typing import Any

CODE = "9.900001"
UPLOAD_POSITION = 1

ANSWERS = {
    "ho_ten": "Nguyễn Văn Mẫu",
    "so_dinh_danh": "048090123456",
    "ngay_sinh": "1990-01-31",
    "gioi_tinh": "nam",
    "noi_o": "12 Trần Phú, phường Hải Châu, thành phố Đà Nẵng",
    "dien_thoai": "0905123456",
    "thu_dien_tu": "nguoi.dan@example.vn",
    "muc_dich": "Bổ túc hồ sơ xin việc; đề nghị cấp hai bản và nhận tại kho kết quả.",
    "so_ban": "2",
    "ngay_can": "2026-12-31",
}


def _field(name: str, label: str, kind: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "label": label, "type": kind, "required": True, **more}


EFORM: dict[str, Any] = {
    "pages": [
        {
            "id": "nguoi-yeu-cau",
            "title": "Người yêu cầu",
            "fields": [
                _field("ho_ten", "Họ và tên", "text"),
                _field("so_dinh_danh", "Số định danh cá nhân", "text", max_length=12),
                _field("ngay_sinh", "Ngày sinh", "date", not_future=True),
                _field("gioi_tinh", "Giới tính", "choice", choices=[["nam", "Nam"], ["nu", "Nữ"]]),
                _field("noi_o", "Nơi cư trú", "text"),
                _field("dien_thoai", "Số điện thoại", "phone"),
                _field("thu_dien_tu", "Thư điện tử", "email"),
            ],
        },
        {
            "id": "noi-dung",
            "title": "Nội dung",
            "fields": [
                _field("muc_dich", "Mục đích sử dụng", "textarea"),
                _field("so_ban", "Số bản", "integer", min=1, max=20),
                _field("ngay_can", "Ngày cần", "date"),
            ],
        },
    ]
}
