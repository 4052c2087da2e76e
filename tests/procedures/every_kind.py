"""One e-form that holds every kind of field, with good answers: for the tests of each layer above the kinds."""

from __future__ import annotations

from typing import Any

EVERY_KIND: dict[str, Any] = {
    "pages": [
        {
            "id": "nguoi-nop",
            "title": "Người nộp",
            "title_en": "Applicant",
            "sections": [
                {
                    "title": "Nhân thân",
                    "title_en": "Identity",
                    "intro": "Ghi như trên thẻ căn cước.",
                    "fields": [
                        {"name": "gioi_thieu", "label": "Về người nộp", "type": "heading"},
                        {
                            "name": "luu_y",
                            "label": "Mang theo thẻ căn cước khi đến nhận kết quả.",
                            "label_en": "Bring your identity card when you collect the result.",
                            "type": "note",
                        },
                        {
                            "name": "ho_ten",
                            "label": "Họ và tên",
                            "label_en": "Full name",
                            "type": "text",
                            "required": True,
                            "prefill": "person.full_name",
                        },
                        {
                            "name": "so_dinh_danh",
                            "label": "Số định danh cá nhân",
                            "type": "personal_number",
                            "required": True,
                            "help": "Dãy 12 chữ số ở mặt trước thẻ căn cước.",
                        },
                        {
                            "name": "ngay_sinh",
                            "label": "Ngày sinh",
                            "type": "date",
                            "required": True,
                            "not_future": True,
                        },
                        {
                            "name": "tuoi",
                            "label": "Tuổi",
                            "type": "computed",
                            "value": {"years": [{"field": "ngay_sinh"}, {"today": True}]},
                            "shown_as": "integer",
                        },
                    ],
                },
                {
                    "title": "Liên hệ",
                    "fields": [
                        {"name": "noi_o", "label": "Nơi ở hiện nay", "type": "address", "required": True},
                        {
                            "name": "dien_thoai",
                            "label": "Điện thoại",
                            "type": "phone",
                            "example": "0905 123 456",
                        },
                        {"name": "thu", "label": "Thư điện tử", "type": "email"},
                    ],
                },
            ],
        },
        {
            "id": "co-so",
            "title": "Cơ sở kinh doanh",
            "fields": [
                {
                    "name": "loai",
                    "label": "Loại cơ sở",
                    "type": "choice",
                    "required": True,
                    "choices": [["ho", "Hộ kinh doanh", "Household"], ["cong_ty", "Công ty", "Company"]],
                },
                {
                    "name": "ma_so",
                    "label": "Mã số doanh nghiệp",
                    "type": "organisation_code",
                    "required": True,
                    "show_when": {"field": "loai", "equals": "cong_ty"},
                },
                {"name": "ma_thue", "label": "Mã số thuế", "type": "tax_code"},
                {"name": "dia_ban", "label": "Địa bàn", "type": "choice_search", "source": "communal_units"},
                {
                    "name": "hang_hoa",
                    "label": "Hàng hóa",
                    "type": "multi_choice",
                    "required": True,
                    "max": 2,
                    "choices": [["an", "Đồ ăn"], ["uong", "Đồ uống"], ["khac", "Khác"]],
                },
                {
                    "name": "hang_khac",
                    "label": "Hàng khác là gì",
                    "type": "textarea",
                    "required": True,
                    "show_when": {"field": "hang_hoa", "contains": "khac"},
                },
                {"name": "mo_cua", "label": "Giờ mở cửa", "type": "time"},
                {"name": "bat_dau", "label": "Bắt đầu từ tháng", "type": "month"},
                {"name": "dien_tich", "label": "Diện tích (m²)", "type": "decimal", "min": "0.5"},
                {"name": "co_so_khac", "label": "Có cơ sở khác không?", "type": "yes_no", "required": True},
            ],
        },
        {
            "id": "nguoi-lam",
            "title": "Người làm và tiền công",
            "fields": [
                {
                    "name": "nguoi_lam",
                    "label": "Người làm",
                    "type": "repeat",
                    "row_label": "Người",
                    "row_label_en": "Person",
                    "min": 1,
                    "max": 5,
                    "required": True,
                    "fields": [
                        {"name": "ten", "label": "Tên", "type": "text", "required": True},
                        {"name": "sinh_ngay", "label": "Sinh ngày", "type": "date"},
                        {
                            "name": "hop_dong",
                            "label": "Hợp đồng",
                            "type": "choice",
                            "choices": [["co", "Có hợp đồng"], ["khong", "Không có hợp đồng"]],
                            "required": True,
                        },
                        {
                            "name": "ly_do",
                            "label": "Vì sao không có",
                            "type": "text",
                            "required": True,
                            "show_when": {"field": "hop_dong", "equals": "khong"},
                        },
                        {"name": "luong", "label": "Tiền công tháng", "type": "money"},
                    ],
                },
                {
                    "name": "so_nguoi",
                    "label": "Số người làm",
                    "type": "computed",
                    "value": {"count": "nguoi_lam"},
                    "shown_as": "integer",
                },
                {
                    "name": "tong_luong",
                    "label": "Tổng tiền công",
                    "label_en": "Total wages",
                    "type": "computed",
                    "value": {"sum": [{"field": "nguoi_lam.luong"}]},
                    "shown_as": "money",
                    "in_words": True,
                },
                {
                    "name": "khai_luong",
                    "label": "Tổng tiền công đã khai thuế",
                    "type": "money",
                },
                {
                    "name": "thiet_bi",
                    "label": "Thiết bị",
                    "type": "table",
                    "rows": [["bep", "Bếp"], ["tu", "Tủ lạnh"]],
                    "fields": [
                        {"name": "so_luong", "label": "Số lượng", "type": "integer", "min": 0},
                        {"name": "gia", "label": "Giá", "type": "money"},
                    ],
                },
                {
                    "name": "so_ban",
                    "label": "Số bản",
                    "type": "integer",
                    "required": True,
                    "min": 1,
                    "max": 9,
                },
            ],
        },
        {
            "id": "thue-nha",
            "title": "Thuê nhà",
            "show_when": {
                "all": [
                    {"field": "co_so_khac", "equals": True},
                    {"not": {"value_of": {"count": "nguoi_lam"}, "less": 1}},
                ]
            },
            "fields": [
                {"name": "thue_tu", "label": "Thuê từ ngày", "type": "date", "required": True},
                {"name": "thue_den", "label": "Thuê đến ngày", "type": "date", "required": True},
                {
                    "name": "hop_dong_thue",
                    "label": "Hợp đồng thuê",
                    "type": "file",
                    "component": "Giấy tờ khác",
                    "required": True,
                },
            ],
        },
        {
            "id": "cam-doan",
            "title": "Cam đoan",
            "fields": [
                {"name": "cam_doan", "label": "Tôi xin cam đoan", "type": "checkbox", "required": True},
            ],
        },
    ],
    "rules": [
        {
            "field": "thue_den",
            "check": {"field": "thue_den", "greater": {"field": "thue_tu"}},
            "problem": "Ngày kết thúc phải sau ngày bắt đầu. Hãy xem lại hai ngày.",
            "problem_en": "The end must be after the beginning. Check both dates.",
        },
        {
            "field": "khai_luong",
            "check": {"field": "khai_luong", "equals": {"field": "tong_luong"}},
            "problem": "Phải bằng tổng tiền công ở trên.",
        },
    ],
}

GOOD: dict[str, Any] = {
    "ho_ten": "Trần Thị Thử",
    "so_dinh_danh": "048190000011",
    "ngay_sinh": "1990-12-31",
    "noi_o": {"street": "12 Trần Phú", "ward": "20242", "city": "48"},
    "dien_thoai": "0905123456",
    "loai": "cong_ty",
    "ma_so": "0100109106",
    "ma_thue": "048190000011",
    "dia_ban": "20242",
    "hang_hoa": ["an", "khac"],
    "hang_khac": "Hoa\nCây cảnh",
    "mo_cua": "07:30",
    "bat_dau": "2025-07",
    "dien_tich": "42.5",
    "co_so_khac": True,
    "nguoi_lam": [
        {"ten": "Lê Văn Mẫu", "sinh_ngay": "2000-01-02", "hop_dong": "co", "luong": 7_500_000},
        {"ten": "Phạm Thị Mẫu", "hop_dong": "khong", "ly_do": "Thử việc", "luong": 4_000_000},
    ],
    "khai_luong": 11_500_000,
    "thiet_bi": [{"so_luong": 2, "gia": 1_000_000}, {"so_luong": 1, "gia": 9_000_000}],
    "so_ban": 2,
    "thue_tu": "2026-01-01",
    "thue_den": "2027-01-01",
    "cam_doan": True,
}
"""Answers to all that is asked, as they are kept; worked-out values are not among them."""
