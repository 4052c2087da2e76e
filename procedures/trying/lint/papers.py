"""Components: papers that an accepted source replaces, and papers that should not be asked for (domain: 3.5)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from django.utils.translation import gettext as _

from procedures.sources import askable, can_ask
from procedures.states import HELD_SOURCES, ComponentKind, ComponentSource
from procedures.trying.findings import Finding, amber, red
from procedures.trying.lint.draft import Draft, Rule, says

# Words in the name of a paper, and the sources that hold what it says.
_REPLACED: tuple[tuple[tuple[str, ...], frozenset[ComponentSource]], ...] = (
    (
        ("căn cước", "cccd", "chứng minh nhân dân", "hộ khẩu", "xác nhận cư trú", "tạm trú"),
        frozenset({ComponentSource.DATA_POPULATION_DB, ComponentSource.DATA_IDENTITY_CARD}),
    ),
    (
        ("đăng ký doanh nghiệp", "đăng ký kinh doanh"),
        frozenset({ComponentSource.DATA_BUSINESS_REGISTER, ComponentSource.DATA_BUSINESS_HOUSEHOLD}),
    ),
    (("hộ kinh doanh",), frozenset({ComponentSource.DATA_BUSINESS_HOUSEHOLD})),
    (
        ("khám sức khỏe", "sổ sức khỏe"),
        frozenset({ComponentSource.DATA_EHEALTH, ComponentSource.VNEID_DOCUMENT}),
    ),
    (
        ("giấy khai sinh", "giấy chứng nhận kết hôn", "trích lục"),
        frozenset({ComponentSource.DATA_OTHER_REGISTER, ComponentSource.RESULT_REPOSITORY}),
    ),
    (
        ("giấy phép lái xe", "đăng ký xe", "bảo hiểm y tế"),
        frozenset({ComponentSource.VNEID_DOCUMENT, ComponentSource.DATA_OTHER_REGISTER}),
    ),
)
_PAPER = frozenset({ComponentSource.PAPER_ORIGINAL, ComponentSource.PAPER_COPY})


def what_a_source_replaces(draft: Draft) -> Iterator[Finding]:
    for path, row in draft.rows("uploads"):
        for words, sources in _REPLACED:
            word = says(row["name"], *words)
            if word and not HELD_SOURCES & set(row["accepted_sources"]):
                names = ", ".join(str(ComponentSource(one).label) for one in sorted(sources))
                yield red(
                    "paper_that_is_held",
                    f"{path}.accepted_sources",
                    _(
                        "“%(name)s” đã có ở: %(sources)s. Nhận từ đó trước, chỉ hỏi tệp khi nguồn không trả lời."
                    )
                    % {"name": row["name"][:80], "sources": names},
                )
                break


def held_sources_come_first(draft: Draft) -> Iterator[Finding]:
    for path, row in draft.rows("uploads"):
        sources = row["accepted_sources"]
        held = [at for at, one in enumerate(sources) if one in HELD_SOURCES]
        others = [at for at, one in enumerate(sources) if one not in HELD_SOURCES]
        if held and others and max(held) > min(others):
            yield amber(
                "paper_before_data",
                f"{path}.accepted_sources",
                _("“%s” hỏi tệp trước khi dùng dữ liệu đã có. Xếp nguồn dữ liệu lên đầu.") % row["name"][:80],
            )
        if len(set(sources)) < len(sources):
            yield amber("source_twice", f"{path}.accepted_sources", _("Một nguồn đứng hai lần. Bỏ bớt một."))


def sources_are_asked(draft: Draft) -> Iterator[Finding]:
    """A source that nobody asks does nothing: say so, rather than let the designer believe in it."""
    for path, row in draft.rows("uploads"):
        about = {"kind": row["kind"], "name": row["name"], "result_of": row["result_of"]}
        asked = askable(accepted=row["accepted_sources"], **about)
        for source in dict.fromkeys(row["accepted_sources"]):
            if source not in HELD_SOURCES or can_ask(source, **about):
                continue
            said = {"source": ComponentSource(source).label, "name": row["name"][:80]}
            if source == ComponentSource.RESULT_REPOSITORY and row["kind"] != ComponentKind.FORM:
                text = _(
                    "“%(name)s” nhận từ %(source)s nhưng không nói là kết quả của thủ tục nào. Ghi mã thủ tục."
                )
            elif asked:
                said["asked"] = ", ".join(str(one) for one in asked)
                text = _(
                    "Cổng chưa hỏi được nguồn “%(source)s” cho “%(name)s”. Cổng hỏi: %(asked)s; "
                    "các nguồn đó không có thì người nộp phải nộp giấy."
                )
            else:
                text = _("Cổng chưa hỏi được nguồn “%(source)s”: người nộp sẽ phải nộp giấy “%(name)s”.")
            yield amber("source_not_asked", f"{path}.accepted_sources", text % said)


def results_are_digitised(draft: Draft) -> Iterator[Finding]:
    """What an earlier procedure issued is digitised when its paper comes in (TT 01/2023)."""
    for path, row in draft.rows("uploads"):
        if row["kind"] == ComponentKind.PRIOR_RESULT and not row["is_digitised"]:
            yield amber(
                "result_not_digitised",
                f"{path}.is_digitised",
                _("“%s” là kết quả đã cấp, phải số hóa khi nhận bản giấy. Bật “số hóa khi nộp giấy”.")
                % row["name"][:80],
            )


def online_needs_no_paper(draft: Draft) -> Iterator[Finding]:
    if draft.document["online"]["level"] != "full_online":
        return
    for path, row in draft.rows("uploads"):
        sources = set(row["accepted_sources"])
        if sources and sources <= _PAPER:
            yield red(
                "online_asks_for_paper",
                f"{path}.accepted_sources",
                _("Dịch vụ toàn trình nhưng “%s” chỉ nhận bản giấy. Nhận thêm tệp, hoặc công bố là một phần.")
                % row["name"][:80],
            )


def no_certified_copy(draft: Draft) -> Iterator[Finding]:
    """A certified copy cannot be demanded where the original is shown or VNeID holds it."""
    for path, row in draft.rows("uploads"):
        if says(
            f"{row['name']} {row['hint']}",
            "bản sao chứng thực",
            "sao y công chứng",
            "có công chứng",
            "photo công chứng",
        ):
            yield amber(
                "certified_copy",
                f"{path}.name",
                _("“%s” đòi bản sao chứng thực. Nhận ảnh chụp bản chính để đối chiếu.") % row["name"][:80],
            )


def components_have_own_names(draft: Draft) -> Iterator[Finding]:
    for part in ("uploads",):
        names = Counter(row["name"].strip().casefold() for _path, row in draft.rows(part))
        for path, row in draft.rows(part):
            if names[row["name"].strip().casefold()] > 1:
                yield red(
                    "component_twice",
                    f"{path}.name",
                    _("Hai thành phần cùng tên “%s”. Đặt tên khác nhau.") % row["name"][:80],
                )


def amounts_of_papers(draft: Draft) -> Iterator[Finding]:
    for path, row in draft.rows("papers"):
        if not row["originals"] and not row["copies"] and row["kind"] != "form":
            yield amber(
                "paper_without_amount",
                path,
                _("“%s” không ghi số bản chính, bản sao. Ghi số bản, hoặc chuyển thành ghi chú.")
                % row["name"][:80],
            )


def pages_of_uploads(draft: Draft) -> Iterator[Finding]:
    for path, row in draft.rows("uploads"):
        if row["is_required"] and row["condition"]:
            # Both at once: required where it is asked for. Nothing to say.
            continue
        if not row["is_required"] and not row["hint"] and not row["condition"]:
            yield amber(
                "when_is_it_needed",
                path,
                _("“%s” không bắt buộc nhưng không nói khi nào cần. Thêm hướng dẫn hoặc điều kiện.")
                % row["name"][:80],
            )


RULES: list[Rule] = [
    what_a_source_replaces,
    held_sources_come_first,
    sources_are_asked,
    results_are_digitised,
    online_needs_no_paper,
    no_certified_copy,
    components_have_own_names,
    amounts_of_papers,
    pages_of_uploads,
]
