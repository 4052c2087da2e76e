"""Titles of invented procedures, and questions as people type them, from a fixed seed.

A title is a row of phrases: a few stand in very many titles, invented names in very few, as in a real catalogue.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

from core.vietnamese import fold

# fmt: off
ACTIONS = (
    "cấp", "cấp lại", "cấp đổi", "gia hạn", "điều chỉnh", "thu hồi", "đăng ký", "thẩm định", "phê duyệt", "công nhận",
    "xác nhận", "chấp thuận", "công bố", "chuyển đổi", "hỗ trợ", "giải quyết",
)
OBJECTS = (
    "giấy phép", "giấy chứng nhận", "chứng chỉ", "quyền sử dụng đất", "hoạt động", "đủ điều kiện", "kinh doanh", "xây dựng",
    "cơ sở", "tổ chức", "cá nhân", "doanh nghiệp", "nước ngoài", "công trình", "dự án", "đầu tư", "sản xuất", "môi trường",
    "hộ kinh doanh", "nhà ở", "bản sao", "hộ tịch", "khai sinh", "kết hôn", "khai tử", "nuôi con nuôi", "lý lịch tư pháp",
    "luật sư", "công chứng", "giám định", "trợ giúp pháp lý", "bảo hiểm xã hội", "lao động", "trợ cấp", "người có công",
    "người khuyết tật", "trẻ em", "hành nghề", "khám bệnh", "dược phẩm", "an toàn thực phẩm", "trường học", "văn bằng",
    "kỳ thi", "vận tải", "lái xe", "phương tiện", "đường thủy", "cảng biển", "tài nguyên nước", "khoáng sản", "lâm nghiệp",
    "thủy sản", "thú y", "trồng trọt", "điện lực", "hóa chất", "thương mại", "xuất khẩu", "nhập khẩu", "quảng cáo",
    "du lịch", "thể thao", "di sản", "bưu chính", "viễn thông", "báo chí", "xuất bản", "tôn giáo", "hội", "quỹ",
    "thi đua khen thưởng", "ngân sách", "thuế", "lệ phí", "đấu thầu", "khoa học", "công nghệ", "sở hữu trí tuệ",
    "đo lường", "chất lượng", "dân tộc", "khiếu nại", "cư trú", "căn cước", "xuất cảnh", "vũ khí", "phòng cháy",
)
_ONSETS = ("b", "ch", "d", "g", "h", "kh", "l", "m", "n", "ng", "nh", "ph", "qu", "r", "s", "t", "th", "tr", "v", "x")
_VOWELS = ("a", "á", "à", "ả", "ạ", "ă", "ắ", "ấ", "ậ", "e", "ê", "ế", "ệ", "i", "í", "o", "ó", "ô", "ố", "ộ", "ơ", "ớ", "u", "ú", "ư", "ứ")
_CODAS = ("", "", "n", "ng", "m", "c", "t", "p", "nh")
# fmt: on
NAMES = 3_000
"""Invented names; each stands in a few titles only."""

WORDS_OF_A_TEXT = 100
SEED = 20260414


@dataclass(frozen=True, slots=True)
class Question:
    """What is typed. ``kind`` says in which way it differs from its title."""

    kind: str
    text: str


KINDS = ("no marks", "typo", "prefix")


class Titles:
    """An endless row of titles and texts, the same for everybody."""

    def __init__(self) -> None:
        self._chance = random.Random(SEED)
        names = [f"{self._syllable()} {self._syllable()}" for _ in range(NAMES)]
        self._phrases = [*OBJECTS, *names]
        weights = [1 / (at + 1) ** 0.9 for at in range(len(self._phrases))]
        self._cumulated = [sum(weights[:1])]
        for weight in weights[1:]:
            self._cumulated.append(self._cumulated[-1] + weight)

    def title(self) -> str:
        """Give a title of some 8 to 24 words."""
        objects = self._drawn(self._chance.randint(3, 8))
        title = " ".join([self._chance.choice(ACTIONS), *dict.fromkeys(objects)])
        return title[0].upper() + title[1:]

    def text(self) -> str:
        """Give a text of about a hundred words, as the steps and papers of a procedure."""
        return " ".join(self._drawn(WORDS_OF_A_TEXT // 2))

    def _drawn(self, phrases: int) -> list[str]:
        return self._chance.choices(self._phrases, cum_weights=self._cumulated, k=phrases)

    def _syllable(self) -> str:
        return "".join(map(self._chance.choice, (_ONSETS, _VOWELS, _CODAS)))


def questions(titles: list[str], *, number: int) -> list[Question]:
    """Give questions that ask for titles, one kind after the other: without marks, mistyped, half typed."""
    chance = random.Random(SEED)
    found = []
    for at in range(number):
        kind = KINDS[at % len(KINDS)]
        words = fold(chance.choice(titles)).split()
        length = min(len(words), chance.randint(4, 7))
        start = chance.randint(0, len(words) - length)
        asked = words[start : start + length]
        if kind == "typo":
            place = max(range(length), key=lambda one: len(asked[one]))
            asked[place] = _mistyped(asked[place], chance)
        elif kind == "prefix":
            asked = [*asked[:2], asked[2][:3]]
        found.append(Question(kind, " ".join(asked)))
    return found


def _mistyped(word: str, chance: random.Random) -> str:
    """Make one slip of the fingers: a letter too few, a letter twice, or two that changed places."""
    at = chance.randrange(len(word) - 1) if len(word) > 1 else 0
    slip = chance.randrange(3)
    if slip == 0 and len(word) > 2:
        return word[:at] + word[at + 1 :]
    if slip == 1:
        return word[:at] + word[at] + word[at:]
    return word[:at] + word[at : at + 2][::-1] + word[at + 2 :]
