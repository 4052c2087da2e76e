"""What a birth is told with: questions that the bundle and its parts share, so that answers go along by name."""

from __future__ import annotations

from typing import Any

from procedures.demo.questions import Question, declaration, question

_NUMBER: dict[str, Any] = {
    "max_length": 12,
    "pattern": "[0-9]{12}",
    "pattern_problem": "Hãy nhập đủ 12 chữ số.",
}


def child() -> list[Question]:
    """The child's name and date of birth."""
    return [
        question("text", "ten_tre", "Họ, chữ đệm, tên của trẻ", "Child's full name"),
        question("date", "ngay_sinh_tre", "Ngày sinh của trẻ", "Child's date of birth"),
    ]


def birth() -> list[Question]:
    """What only the certificate needs of the child."""
    return [
        question(
            "choice",
            "gioi_tinh",
            "Giới tính của trẻ",
            "Child's sex",
            choices=[["nam", "Nam", "Male"], ["nu", "Nữ", "Female"]],
        ),
        question("text", "noi_sinh", "Nơi sinh", "Place of birth", max_length=255),
    ]


def parents() -> list[Question]:
    """Mother and, where one is entered, father."""
    return [
        question("text", "ten_me", "Họ và tên mẹ", "Mother's full name"),
        question(
            "text",
            "so_dinh_danh_me",
            "Số định danh cá nhân của mẹ",
            "Mother's personal identification number",
            **_NUMBER,
        ),
        question("text", "ten_cha", "Họ và tên cha", "Father's full name", required=False),
        question(
            "text",
            "so_dinh_danh_cha",
            "Số định danh cá nhân của cha",
            "Father's personal identification number",
            required=False,
            **_NUMBER,
        ),
    ]


def residence() -> list[Question]:
    """Where the child is to live."""
    return [
        question(
            "text",
            "noi_thuong_tru",
            "Nơi đăng ký thường trú cho trẻ",
            "Where the child is to be registered",
            max_length=255,
        )
    ]


def household() -> list[Question]:
    """Whose household takes the child in."""
    return [question("text", "chu_ho", "Họ và tên chủ hộ", "Head of the household")]


def hospital() -> list[Question]:
    """Where the insured child is treated first."""
    return [
        question(
            "text",
            "noi_kham_benh",
            "Nơi đăng ký khám, chữa bệnh ban đầu",
            "Where the child is treated first",
            max_length=255,
        )
    ]


def declared() -> Question:
    """The declaration, in the same words everywhere."""
    return declaration(
        "Tôi cam đoan những nội dung khai trên là đúng sự thật và chịu trách nhiệm trước pháp luật.",
        "I declare that what I have stated is true and answer for it before the law.",
    )
