from __future__ import annotations

from datetime import date, datetime

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.languages import worded
from core.models import TimeStamped
from core.working_time import Mode, PausePolicy, Unit
from procedures.states import (
    ApplicantCategory,
    AuthoritativeRoute,
    CareKind,
    CareSubject,
    Catalogue,
    Channel,
    CompetentAgencyRule,
    ComponentKind,
    ComponentSource,
    DecisionKind,
    DurationUnit,
    FeeKind,
    FlagReason,
    Level,
    LifeAudience,
    LifeIcon,
    OnlineLevel,
    PartialReason,
    QuestionState,
    ReviewState,
    SourceChangeKind,
    StepKind,
    VersionEventKind,
    VersionStatus,
)


class Sector(models.Model):
    """Lĩnh vực: a field of administration, such as civil status."""

    slug = models.SlugField(max_length=120, unique=True)
    name = models.CharField(max_length=255, unique=True)
    name_sort = models.CharField(max_length=800, db_collation="C", default="", editable=False)

    def __str__(self) -> str:
        return self.name


class Procedure(TimeStamped):
    """Thủ tục hành chính, under its national code; what it says stands in its versions."""

    code = models.CharField(_("mã thủ tục"), max_length=32, unique=True)
    catalogue = models.CharField(
        _("danh mục"), max_length=16, choices=Catalogue, default=Catalogue.ADMINISTRATIVE
    )
    current_version = models.OneToOneField(
        "ProcedureVersion", null=True, blank=True, on_delete=models.SET_NULL, related_name="current_of"
    )

    class Meta:
        indexes = [
            models.Index(
                fields=["catalogue"],
                condition=~Q(catalogue=Catalogue.ADMINISTRATIVE),
                name="procedures_other_catalogues",
            )
        ]

    def __str__(self) -> str:
        return self.code


class ProcedureVersionQuerySet(models.QuerySet["ProcedureVersion"]):
    def current(self) -> ProcedureVersionQuerySet:
        """Keep each procedure's version that is published now."""
        return self.filter(current_of__isnull=False)

    def open_for_filing(self) -> ProcedureVersionQuerySet:
        """Keep the current versions that the city has opened; see `ProcedureVersion.takes_filings` for the day."""
        return self.current().filter(is_fileable=True)


class ProcedureVersion(TimeStamped):
    """Phiên bản thủ tục: the content of a procedure between two publication decisions (NĐ 63/2010, art. 8)."""

    procedure = models.ForeignKey(Procedure, on_delete=models.PROTECT, related_name="versions")
    version_no = models.PositiveIntegerField(default=1)
    status = models.CharField(max_length=16, choices=VersionStatus, default=VersionStatus.DRAFT)
    is_sealed = models.BooleanField(
        default=False,
        editable=False,
        help_text="The content has been published as a whole; the database refuses every change of it.",
    )
    revision = models.PositiveIntegerField(default=0, editable=False, help_text="Saves of a draft so far.")
    name = models.TextField(_("tên thủ tục"))
    name_en = models.TextField(_("tên tiếng Anh"), blank=True)
    name_words = models.TextField(editable=False, default="")
    name_sort = models.TextField(db_collation="C", editable=False, default="")
    title_search = SearchVectorField(null=True, editable=False)
    body_search = SearchVectorField(null=True, editable=False)
    sector = models.ForeignKey(
        Sector, null=True, blank=True, on_delete=models.PROTECT, related_name="versions"
    )
    ministry = models.CharField(max_length=255, blank=True)
    kind = models.CharField(max_length=255, blank=True)
    levels = ArrayField(models.CharField(max_length=16, choices=Level), default=list, blank=True)
    levels_text = models.TextField(blank=True)
    applicant_categories = ArrayField(
        models.CharField(max_length=32, choices=ApplicantCategory), default=list, blank=True
    )
    applicant_categories_text = models.TextField(blank=True)
    publication_decision = models.CharField(_("số quyết định công bố"), max_length=255, blank=True)
    decided_on = models.DateField(_("ngày ký quyết định"), null=True, blank=True)
    decided_by = models.CharField(_("cơ quan ban hành quyết định"), max_length=255, blank=True)
    decision_kind = models.CharField(max_length=12, choices=DecisionKind, blank=True)
    published_on_national_db_on = models.DateField(
        null=True, blank=True, help_text="Day on which the national database showed it (index 1.1, 1.2)."
    )
    effective_from = models.DateField(null=True, blank=True)
    effective_to = models.DateField(null=True, blank=True)
    execution_sequence = models.TextField(_("trình tự thực hiện"), blank=True)
    methods_text = models.TextField(blank=True)
    components_text = models.TextField(blank=True)
    legal_bases_text = models.TextField(blank=True)
    eligibility_conditions = models.TextField(_("yêu cầu, điều kiện"), blank=True)
    authority = models.TextField(_("cơ quan thực hiện"), blank=True)
    source_url = models.URLField(max_length=500, blank=True)
    source_digest = models.CharField(max_length=64, blank=True, editable=False)

    # What the city adds so that the procedure can be filed online.
    online_level = models.CharField(max_length=20, choices=OnlineLevel, default=OnlineLevel.INFORMATION_ONLY)
    is_fileable = models.BooleanField(default=False)
    opens_at = models.DateTimeField(_("mở nhận hồ sơ lúc"), null=True, blank=True)
    closes_at = models.DateTimeField(_("ngừng nhận hồ sơ lúc"), null=True, blank=True)
    partial_reason = models.CharField(max_length=24, choices=PartialReason, blank=True)
    partial_basis = models.CharField(_("căn cứ chưa cung cấp toàn trình"), max_length=500, blank=True)
    legacy_level = models.PositiveSmallIntegerField(_("mức độ theo cách gọi cũ"), null=True, blank=True)
    short_name = models.CharField(_("tên ngắn"), max_length=160, blank=True)
    guidance = models.TextField(_("hướng dẫn cho người nộp"), blank=True)
    guidance_en = models.TextField(_("hướng dẫn bằng tiếng Anh"), blank=True)
    competent_agency_rule = models.CharField(
        max_length=24, choices=CompetentAgencyRule, default=CompetentAgencyRule.NOT_SET
    )
    competent_agency = models.ForeignKey("agencies.Agency", null=True, blank=True, on_delete=models.PROTECT)
    eform = models.JSONField(default=dict, blank=True)
    eligibility = models.JSONField(
        default=dict, blank=True, help_text="The check before filing: see procedures.eligibility."
    )
    messages = models.JSONField(
        default=dict, blank=True, help_text="Own words of a notice by topic: {topic: {language: text}}."
    )
    counting_mode = models.CharField(_("cách tính thời hạn"), max_length=12, choices=Mode, default=Mode.EXACT)
    supplement_policy = models.CharField(
        _("thời hạn sau khi bổ sung"),
        max_length=8,
        choices=PausePolicy,
        blank=True,
        help_text="Empty: as the rule set says. Filled only where a special law says otherwise.",
    )
    late_supplement_basis = models.CharField(
        _("căn cứ yêu cầu bổ sung sau 3 ngày"),
        max_length=500,
        blank=True,
        help_text="The special law that allows a request after the third working day; empty: none does.",
    )
    supplement_wait_days = models.PositiveSmallIntegerField(_("số ngày chờ bổ sung"), default=30)
    excludes_verification = models.CharField(
        _("căn cứ không tính thời gian xác minh"),
        max_length=500,
        blank=True,
        help_text="The law by which the clock stands still during a verification; empty: it runs on.",
    )
    authoritative_route = models.CharField(
        _("hệ thống xử lý chính"), max_length=16, choices=AuthoritativeRoute, default=AuthoritativeRoute.CITY
    )

    objects = ProcedureVersionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["procedure", "version_no"], name="procedures_version_no"),
            models.UniqueConstraint(
                fields=["procedure"],
                condition=Q(status__in=[VersionStatus.DRAFT, VersionStatus.APPROVED]),
                name="procedures_one_draft",
            ),
            models.CheckConstraint(
                condition=Q(effective_to=None) | Q(effective_to__gte=F("effective_from")),
                name="procedures_version_validity",
            ),
        ]
        indexes = [
            GinIndex(fields=["title_search"], name="procedures_title_search"),
            GinIndex(fields=["body_search"], name="procedures_body_search"),
            GinIndex(fields=["levels"], name="procedures_levels"),
            GinIndex(fields=["applicant_categories"], name="procedures_categories"),
            models.Index(fields=["name_sort", "id"], name="procedures_name_order"),
            models.Index(
                F("sector"),
                F("is_fileable").desc(),
                F("name_sort"),
                F("id"),
                condition=Q(status=VersionStatus.PUBLISHED),
                name="procedures_related",
            ),
            models.Index(
                fields=["effective_from"],
                condition=Q(status=VersionStatus.APPROVED),
                name="procedures_to_publish",
            ),
            models.Index(fields=["opens_at"], condition=~Q(opens_at=None), name="procedures_to_open"),
            models.Index(fields=["closes_at"], condition=~Q(closes_at=None), name="procedures_to_close"),
        ]

    def __str__(self) -> str:
        return self.short_name or self.name

    @property
    def called(self) -> str:
        """What people call it, in the language of the reader where that is written."""
        return worded(self.short_name or self.name, self.name_en)

    @property
    def guidance_shown(self) -> str:
        return worded(self.guidance, self.guidance_en)

    @property
    def level_labels(self) -> list[str]:
        return [str(Level(one).label) for one in self.levels]

    @property
    def category_labels(self) -> list[str]:
        return [str(ApplicantCategory(one).label) for one in self.applicant_categories]

    def in_force(self, *, on: date) -> bool:
        """Say whether the version counts on a day, its first and its last one included."""
        starts = self.effective_from is None or self.effective_from <= on
        return starts and (self.effective_to is None or on <= self.effective_to)

    def takes_filings(self, *, on: date) -> bool:
        """Say whether people may file under this version on a day: opened by the city, and in force."""
        return self.is_fileable and self.in_force(on=on)

    @property
    def is_draft(self) -> bool:
        return self.status == VersionStatus.DRAFT


class SubmissionChannel(models.Model):
    """Cách thức thực hiện: one row of the published table; a channel may have several, for different cases."""

    version = models.ForeignKey(ProcedureVersion, on_delete=models.CASCADE, related_name="channels")
    position = models.PositiveSmallIntegerField()
    channel = models.CharField(max_length=8, choices=Channel)
    duration_value = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True)
    duration_unit = models.CharField(max_length=16, choices=DurationUnit, blank=True)
    duration_text = models.TextField(blank=True)
    note = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "position"], name="procedures_channel_position")
        ]

    @property
    def time_limit(self) -> str:
        """The time limit in words of the active language; empty where the source gives none that can be counted."""
        if self.duration_value is None or not self.duration_unit:
            return ""
        return Unit(self.duration_unit).counted(self.duration_value)


class FeeLine(models.Model):
    """Phí, lệ phí, as published. ``amount_vnd`` is null where the text gives no amount that can be trusted."""

    channel = models.ForeignKey(SubmissionChannel, on_delete=models.CASCADE, related_name="fees")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=8, choices=FeeKind, blank=True)
    amount_vnd = models.BigIntegerField(null=True, blank=True)
    text = models.TextField(blank=True)


class Component(models.Model):
    """Thành phần hồ sơ: one published row, or one file of the city's upload list (``is_upload``).

    Published rows are papers, cases, notes and headings alike, in the order of the source.
    """

    version = models.ForeignKey(ProcedureVersion, on_delete=models.CASCADE, related_name="components")
    position = models.PositiveSmallIntegerField()
    group = models.TextField(blank=True)
    name = models.TextField()
    form_template = models.TextField(blank=True)
    originals = models.PositiveSmallIntegerField(default=0)
    copies = models.PositiveSmallIntegerField(default=0)
    kind = models.CharField(max_length=16, choices=ComponentKind, default=ComponentKind.EVIDENCE)
    is_upload = models.BooleanField(
        default=False, help_text=_("Tệp phải tải lên khi nộp trực tuyến, do thành phố quy định.")
    )
    is_required = models.BooleanField(default=False)
    name_en = models.TextField(blank=True)
    hint = models.TextField(blank=True)
    hint_en = models.TextField(blank=True)
    max_pages = models.PositiveSmallIntegerField(default=50)
    accepted_sources = ArrayField(
        models.CharField(max_length=24, choices=ComponentSource), default=list, blank=True
    )
    result_of = ArrayField(
        models.CharField(max_length=32),
        default=list,
        blank=True,
        help_text="Codes of the procedures whose result it is: what the city has issued before is not asked again.",
    )
    condition = models.JSONField(
        default=dict,
        blank=True,
        help_text="When it is asked for: as a condition of the e-form; empty: always.",
    )
    validity_months = models.PositiveSmallIntegerField(null=True, blank=True)
    is_digitised = models.BooleanField(
        default=True, help_text="A paper of it must be digitised at the counter."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "position"], name="procedures_component_position")
        ]

    @property
    def called(self) -> str:
        """Its name in the language of the reader where that is written."""
        return worded(self.name, self.name_en)


class LegalBasis(models.Model):
    """Căn cứ pháp lý."""

    version = models.ForeignKey(ProcedureVersion, on_delete=models.CASCADE, related_name="legal_bases")
    position = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=255, blank=True)
    title = models.TextField(blank=True)


class ResultType(models.Model):
    """Kết quả của thủ tục, with the template from which it is drafted (``template``: see procedures.templates)."""

    version = models.ForeignKey(ProcedureVersion, on_delete=models.CASCADE, related_name="result_types")
    position = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=64, blank=True)
    name = models.TextField()
    symbol = models.CharField(_("ký hiệu văn bản"), max_length=32, blank=True)
    template = models.JSONField(default=dict, blank=True)
    validity_months = models.PositiveSmallIntegerField(null=True, blank=True)
    until_event = models.CharField(
        max_length=300, blank=True, help_text="What ends it: ‘có giá trị đến khi …’; may stand beside months."
    )
    until_event_en = models.CharField(max_length=300, blank=True)
    is_licence = models.BooleanField(default=False)
    has_qr = models.BooleanField(default=True)
    inspector_classes = ArrayField(models.CharField(max_length=32), default=list, blank=True)
    renewal_days = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="How many days before its end it may be renewed."
    )
    reissue_procedure = models.CharField(
        max_length=32, blank=True, help_text="Code of the procedure that issues it again."
    )

    @property
    def ends_when(self) -> str:
        """What ends the result, in the reader's language; empty where nothing but its time does."""
        return worded(self.until_event, self.until_event_en)


class WorkflowStep(models.Model):
    """Bước của quy trình nội bộ: who does what in how much of the processing time.

    Neighbouring steps with the same ``group`` run side by side and take the time of the longest. An optional step may
    be skipped by who holds it. ``condition`` is {"field": name in the e-form, "equals": value}; empty: always.
    ``agency`` is another agency that does the step; empty: the competent one, or the unit that received.
    """

    version = models.ForeignKey(ProcedureVersion, on_delete=models.CASCADE, related_name="workflow_steps")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=16, choices=StepKind)
    role = models.CharField(max_length=32)
    duration_value = models.DecimalField(max_digits=6, decimal_places=2)
    duration_unit = models.CharField(max_length=16, choices=DurationUnit, default=DurationUnit.WORKING_DAY)
    group = models.PositiveSmallIntegerField(null=True, blank=True)
    is_optional = models.BooleanField(default=False)
    condition = models.JSONField(default=dict, blank=True)
    agency = models.ForeignKey("agencies.Agency", null=True, blank=True, on_delete=models.PROTECT)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "position"], name="procedures_step_position")
        ]


class ProcedureLink(models.Model):
    """Liên thông: a procedure whose dossier is a parent of one dossier for each of these procedures."""

    version = models.ForeignKey(ProcedureVersion, on_delete=models.CASCADE, related_name="links")
    position = models.PositiveSmallIntegerField()
    procedure = models.ForeignKey(Procedure, on_delete=models.PROTECT, related_name="linked_from")
    answers = models.JSONField(
        default=dict, blank=True, help_text="Field of the child's form: field of the parent's form."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "position"], name="procedures_link_position"),
            models.UniqueConstraint(fields=["version", "procedure"], name="procedures_linked_once"),
        ]


class DraftRevision(models.Model):
    """Bản lưu: a draft's whole document (procedures.document) as one save left it."""

    version = models.ForeignKey(ProcedureVersion, on_delete=models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    document = models.JSONField()
    at = models.DateTimeField()
    actor_name = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "number"], name="procedures_revision_number")
        ]


class VersionEvent(models.Model):
    """Nhật ký phiên bản: who did what with a version and why; append-only (a trigger refuses change and removal)."""

    version = models.ForeignKey(ProcedureVersion, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=16, choices=VersionEventKind)
    at = models.DateTimeField()
    actor_user_id = models.PositiveBigIntegerField(null=True)
    actor_name = models.CharField(max_length=200)
    reason = models.TextField(blank=True)
    data = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["version", "id"], name="procedures_version_events")]

    @property
    def opens_at(self) -> datetime | None:
        """The hour of opening that was set; None where none was, or it was taken back."""
        return self._hour("opens_at")

    @property
    def closes_at(self) -> datetime | None:
        """The hour of closing, as `opens_at`."""
        return self._hour("closes_at")

    def _hour(self, name: str) -> datetime | None:
        kept = self.data.get(name)
        return datetime.fromisoformat(kept) if kept else None


class ReviewFlag(models.Model):
    """Điểm cần rà soát: something in an import that cannot be trusted and that a person must look at.

    ``resolved_at`` is when the published value stopped being doubtful: a correction that waits in a draft has not got
    that far. ``alike`` is the same for flags of one reason about the same words of the source.
    """

    version = models.ForeignKey(ProcedureVersion, on_delete=models.CASCADE, related_name="review_flags")
    field = models.CharField(max_length=64)
    reason = models.CharField(max_length=64, choices=FlagReason)
    text = models.TextField(blank=True)
    alike = models.CharField(max_length=64, default="", editable=False)
    state = models.CharField(max_length=12, choices=ReviewState, default=ReviewState.OPEN)
    draft = models.ForeignKey(
        ProcedureVersion,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="corrections",
        help_text="The draft that holds the correction until it is published.",
    )
    resolved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["reason"], condition=Q(resolved_at=None), name="procedures_open_flags"),
            models.Index(fields=["state", "id"], name="procedures_flag_states"),
            models.Index(fields=["alike"], name="procedures_flags_alike"),
        ]


class ReviewDecision(models.Model):
    """Nhật ký rà soát: who decided what about a flag, and when; append-only (a trigger refuses change and removal).

    ``before`` and ``after`` are the values of a correction, as `procedures.care.corrections` reads them. ``undoes``
    is the decision that this one took back.
    """

    flag = models.ForeignKey(ReviewFlag, on_delete=models.PROTECT, related_name="decisions")
    procedure = models.ForeignKey(Procedure, on_delete=models.PROTECT, related_name="+")
    field = models.CharField(max_length=64)
    alike = models.CharField(max_length=64)
    state = models.CharField(max_length=12, choices=ReviewState)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    note = models.TextField(blank=True)
    undoes = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="undone_by")
    at = models.DateTimeField()
    actor_user_id = models.PositiveBigIntegerField(null=True)
    actor_name = models.CharField(max_length=200)

    class Meta:
        indexes = [models.Index(fields=["procedure", "alike", "id"], name="procedures_decided_alike")]


class SourceChange(models.Model):
    """Khác biệt với danh mục quốc gia: what the ministry now says of a procedure that the city has worked on.

    ``source`` is the record as it was read last; ``answered`` is the same with every entry that the city has neither
    accepted nor rejected yet as it was before. What is pending is what the two differ in (`procedures.care.differences`).
    """

    procedure = models.OneToOneField(Procedure, on_delete=models.PROTECT, related_name="source_change")
    kind = models.CharField(max_length=12, choices=SourceChangeKind, default=SourceChangeKind.CHANGED)
    digest = models.CharField(max_length=64)
    source = models.JSONField(default=dict)
    base = models.JSONField(
        default=dict, help_text="What it said before; given back when a draft is thrown away."
    )
    answered = models.JSONField(default=dict)
    doubts = models.JSONField(
        default=list, help_text="What cannot be trusted in the record: [path, reason, text]."
    )
    pending = models.PositiveIntegerField(default=0)
    file_name = models.CharField(max_length=255, blank=True)
    found_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(
                fields=["found_at", "id"], condition=Q(pending__gt=0), name="procedures_changes_pending"
            )
        ]


class SourceAnswer(models.Model):
    """Trả lời danh mục quốc gia: an entry accepted or rejected, by whom and why; append-only, as the log of versions."""

    change = models.ForeignKey(SourceChange, on_delete=models.PROTECT, related_name="answers")
    version = models.ForeignKey(
        ProcedureVersion, null=True, on_delete=models.PROTECT, related_name="+", help_text="Where it was put."
    )
    keys = models.JSONField(
        default=list, help_text="The ways to what was answered (procedures.document.merging)."
    )
    label = models.TextField()
    is_accepted = models.BooleanField()
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    reason = models.TextField(blank=True)
    at = models.DateTimeField()
    actor_user_id = models.PositiveBigIntegerField(null=True)
    actor_name = models.CharField(max_length=200)


class SearchWord(models.Model):
    """How many current titles hold a word, or two side by side ("giay phep"): what is rare says more.

    The row of the empty word holds the number of all current titles. Pairs of a single title are not kept.
    """

    word = models.CharField(primary_key=True, max_length=64)
    titles = models.PositiveIntegerField()


class PaperPhrases(models.Model):
    """Which words stand side by side in the papers and results of a current version: "giay phep", "phep lai"."""

    version = models.OneToOneField(
        ProcedureVersion, primary_key=True, on_delete=models.CASCADE, related_name="phrases"
    )
    pairs = SearchVectorField()

    class Meta:
        indexes = [GinIndex(fields=["pairs"], name="procedures_paper_phrases")]


class SearchSynonym(TimeStamped):
    """What people call a thing, and what the catalogue calls it: a way to find more, never less.

    ``both_ways``: each phrase of the row stands for all others, not only the everyday one for the official ones.
    """

    said = models.CharField(_("cách nói thường ngày"), max_length=120)
    key = models.CharField(
        max_length=120, unique=True, editable=False, help_text="The words of `said` as they are compared."
    )
    official = models.CharField(
        _("cách gọi trong danh mục"),
        max_length=500,
        help_text=_("Nhiều cách gọi cách nhau bằng dấu |, cách hay dùng nhất đứng đầu."),
    )
    both_ways = models.BooleanField(_("hai chiều"), default=False)
    edits = models.PositiveIntegerField(default=0, editable=False)
    edited_by = models.CharField(max_length=200, blank=True, editable=False)

    def __str__(self) -> str:
        return f"{self.said} = {self.official}"


class SearchMemory(models.Model):
    """What the search has learnt from the catalogue, one row. Another number has every process read it again.

    ``spellings`` are the counts from which missing marks are guessed; see `procedures.search.spelling`. ``meanings`` is
    the number of the titles' directions, ``titles`` that of the titles and of what they are narrowed by; each is read
    apart from all else.
    """

    number = models.PositiveIntegerField(default=0)
    meanings = models.PositiveIntegerField(default=0)
    titles = models.PositiveIntegerField(default=0)
    spellings = models.BinaryField(default=bytes)


class TitleMeaning(models.Model):
    """The meaning of a title as a direction in a model's space, one signed byte for each dimension."""

    version = models.OneToOneField(
        ProcedureVersion, primary_key=True, on_delete=models.CASCADE, related_name="meaning"
    )
    text_digest = models.CharField(max_length=64)
    direction = models.BinaryField()


class FailedSearch(models.Model):
    """A question that found nothing, or little, without the numbers in it and without who asked.

    Questions with the same words, marks and case aside, are one row; ``text`` is how it was written last.
    """

    key = models.CharField(max_length=160, unique=True)
    text = models.CharField(max_length=160)
    times = models.PositiveIntegerField(default=1)
    found = models.PositiveIntegerField(help_text="How many procedures the last one who asked was shown.")
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=QuestionState, default=QuestionState.OPEN)
    state_at = models.DateTimeField(null=True, blank=True)
    state_by = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [models.Index(fields=["-last_at"], name="procedures_failed_last")]


class FailedSearchDay(models.Model):
    """How often a question was asked on a day (of the city)."""

    question = models.ForeignKey(FailedSearch, on_delete=models.CASCADE, related_name="days")
    day = models.DateField()
    times = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["question", "day"], name="procedures_failed_day")]
        indexes = [models.Index(fields=["day"], name="procedures_failed_by_day")]


class LifeEvent(TimeStamped):
    """Sự kiện cuộc đời: what happens to people or enterprises, and the procedures that it brings, in order."""

    slug = models.SlugField(_("địa chỉ"), max_length=60, unique=True)
    title = models.CharField(_("tên sự kiện"), max_length=80)
    title_en = models.CharField(_("tên tiếng Anh"), max_length=80, blank=True)
    lede = models.CharField(_("một câu giới thiệu"), max_length=240)
    lede_en = models.CharField(_("câu giới thiệu bằng tiếng Anh"), max_length=240, blank=True)
    audience = models.CharField(_("dành cho"), max_length=12, choices=LifeAudience)
    icon = models.CharField(_("hình"), max_length=32, choices=LifeIcon)
    said = models.CharField(
        _("người dân gọi là"),
        max_length=500,
        blank=True,
        help_text=_("Các cách nói cách nhau bằng dấu |. Ai tìm một trong các cách nói này sẽ thấy sự kiện."),
    )
    position = models.PositiveSmallIntegerField(_("thứ tự"), default=100)
    is_shown = models.BooleanField(_("hiện trên cổng"), default=True)
    edits = models.PositiveIntegerField(default=0, editable=False)
    edited_by = models.CharField(max_length=200, blank=True, editable=False)

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.title


class LifeEventStep(models.Model):
    """One procedure of an event and why it is there, by its national code: the catalogue may not hold it yet."""

    event = models.ForeignKey(LifeEvent, on_delete=models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField()
    code = models.CharField(_("mã thủ tục"), max_length=32)
    why = models.CharField(_("vì sao cần"), max_length=240)
    why_en = models.CharField(_("vì sao cần, tiếng Anh"), max_length=240, blank=True)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["event", "code"], name="procedures_event_code")]


class CareEvent(models.Model):
    """Nhật ký chăm sóc tìm kiếm: who changed what helps people to find; append-only (a trigger refuses the rest).

    ``before`` and ``after`` are the whole thing as it was and became; null where there was nothing.
    """

    subject = models.CharField(max_length=12, choices=CareSubject)
    kind = models.CharField(max_length=12, choices=CareKind)
    title = models.CharField(max_length=160)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    at = models.DateTimeField()
    actor_user_id = models.PositiveBigIntegerField(null=True)
    actor_name = models.CharField(max_length=200)

    class Meta:
        indexes = [models.Index(fields=["subject", "-id"], name="procedures_care_events")]


from procedures.beside import Blocker, Guide, ProcedureEvent, ProcedureFigures  # noqa: E402, F401  (Django finds models here)
