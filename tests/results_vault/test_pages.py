"""The public check, the repository of results, and who may read what."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from django.urls import reverse
from django.utils import timezone

from agencies.states import Role
from citizens.models import AccessLog
from citizens.states import AccessPurpose, Scope
from core.actor import Actor
from results_vault import codes, services
from results_vault.models import Result, Scan
from results_vault.states import Change, Outcome
from tests.factories import (
    NINE,
    AgencyFactory,
    OfficerFactory,
    OrganisationFactory,
    PersonFactory,
    UserFactory,
    officer_actor,
    represent,
)

pytestmark = pytest.mark.django_db

UNKNOWN = "Không phải kết quả do hệ thống này cấp"


def check_url(result: Result) -> str:
    return reverse("results_vault:check", args=[result.token]) + "?c=" + codes.checksum(result.token)


def upload(content: bytes) -> dict:
    return {"file": SimpleUploadedFile("ket-qua.pdf", content, content_type="application/pdf")}


def text_of(response) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


def login_as_person(client, person=None):
    person = person or PersonFactory.create()
    client.force_login(person.user)
    return person


def login_as_officer(client, agency, *roles):
    officer = OfficerFactory.create()
    officer_actor(agency, *roles, officer=officer)
    client.force_login(officer.user)
    return officer


class TestCheckingACode:
    def test_a_stranger_sees_that_a_result_is_valid_and_only_a_masked_name(self, client, keep):
        result = keep(valid_to=timezone.localdate() + timedelta(days=9))

        response = client.get(check_url(result))

        page = text_of(response)
        assert response.status_code == 200
        assert "Kết quả còn hiệu lực" in page
        assert result.valid_to.strftime("%d/%m/%Y") in page
        assert "Đ*** T*** N*** Ánh" in page
        assert "Ngọc" not in page
        assert result.owner_person.personal_id_number not in page
        assert result.dossier_code not in page
        assert all(fact in page for fact in (result.number, result.issuer.name, result.sha256))
        assert "no-store" in response["Cache-Control"]

    def test_the_name_of_an_organisation_is_public(self, client, keep):
        organisation = OrganisationFactory.create()

        page = text_of(client.get(check_url(keep(owner_organisation=organisation))))

        assert organisation.name in page

    def test_an_expired_result_is_amber(self, client, keep):
        page = text_of(client.get(check_url(keep(valid_to=timezone.localdate() - timedelta(days=1)))))

        assert "Kết quả đã hết hiệu lực" in page
        assert "verdict--warning" in page

    @pytest.mark.parametrize(
        ("change", "words", "colour"),
        [
            (Change.REVOKE, "Kết quả đã bị thu hồi", "error"),
            (Change.SUSPEND, "Kết quả đang tạm đình chỉ", "warning"),
            (Change.SUPERSEDE, "Kết quả đã được thay thế", "warning"),
            (Change.CORRECT, "Kết quả đã được đính chính", "warning"),
        ],
    )
    def test_a_result_out_of_force_says_by_which_decision(self, client, keep, change, words, colour):
        result = keep()
        new = keep(issuer=result.issuer, number="99/XN-UBND")
        services.change_force(
            result_id=result.pk,
            change=change,
            decision="Quyết định 15/QĐ-UBND",
            successor_number=new.number,
            actor=Actor.system(),
            at=timezone.now(),
        )

        page = text_of(client.get(check_url(result)))

        assert words in page
        assert f"verdict--{colour}" in page
        assert "Quyết định 15/QĐ-UBND" in page
        assert ("99/XN-UBND" in page) is (change in {Change.SUPERSEDE, Change.CORRECT})
        assert "verdict--success" not in page

    def test_an_unknown_a_forged_and_a_misread_code_look_the_same(self, client, keep):
        result, token = keep(), codes.new_token()
        known = reverse("results_vault:check", args=[result.token])
        unknown = reverse("results_vault:check", args=[token])

        answers = [
            client.get(url)
            for url in (f"{unknown}?c={codes.checksum(token)}", f"{unknown}?c=0000", f"{known}?c=xxxx", known)
        ]

        assert {answer.status_code for answer in answers} == {404}
        assert all(UNKNOWN in text_of(answer) for answer in answers)
        assert not any(result.number in text_of(answer) for answer in answers)

    def test_known_and_unknown_codes_cost_the_same_queries(self, client, keep, django_assert_num_queries):
        result, token = keep(), codes.new_token()
        for url in (check_url(result), reverse("results_vault:check", args=[token]) + "?c=0000"):
            with django_assert_num_queries(2):  # one look-up, one line in the log
                client.get(url)

    def test_a_database_that_does_not_answer_is_never_shown_as_valid(self, client, keep, monkeypatch):
        def no_database(**_):
            raise OperationalError("server closed the connection")

        monkeypatch.setattr("results_vault.selectors.look_up", no_database)

        response = client.get(check_url(keep()))

        assert response.status_code == 503
        assert "Chưa kiểm tra được" in text_of(response)
        assert "verdict--success" not in text_of(response)

    def test_guessing_codes_is_slowed_down(self, client, monkeypatch):
        monkeypatch.setattr("results_vault.views.LOOK_UPS_A_MINUTE", 3)
        monkeypatch.setattr("results_vault.views.timezone.now", lambda: NINE)
        url = reverse("results_vault:check", args=[codes.new_token()])

        assert [client.get(url).status_code for _ in range(4)] == [404, 404, 404, 429]

    def test_each_look_up_is_noted_without_telling_who_looked(self, client, keep):
        result = keep()

        client.get(check_url(result), REMOTE_ADDR="203.0.113.77")

        scan = Scan.objects.get()
        assert (scan.result, scan.outcome, scan.reader) == (result, Outcome.VALID, "")
        assert scan.network == "203.0.113.0/24"

    def test_an_owner_who_looks_leaves_no_trace_but_an_officer_leaves_a_name(self, client, keep):
        result = keep()
        login_as_person(client, result.owner_person)
        client.get(check_url(result))
        assert not Scan.objects.exists()

        officer = login_as_officer(client, AgencyFactory.create(), Role.SPECIALIST)
        client.get(check_url(result))
        assert Scan.objects.get().reader == officer.full_name

    def test_a_stranger_who_claims_a_purpose_sees_no_more(self, client, keep):
        page = text_of(client.post(check_url(keep()), {"purpose": "inspect_result"}))

        assert "Đặng Thị Ngọc Ánh" not in page


class TestComparingAFile:
    def test_the_file_that_was_issued_is_genuine(self, client, keep, signed_file):
        content = signed_file()
        result = keep(content=content)

        assert "đúng nguyên bản" in text_of(client.post(check_url(result), upload(content)))
        assert "đúng nguyên bản" in text_of(client.post(reverse("results_vault:verify"), upload(content)))

    def test_a_changed_file_is_found_out(self, client, keep, signed_file):
        content = signed_file()
        result = keep(content=content)
        position = content.index(b"/MediaBox") + 2
        changed = content[:position] + b"X" + content[position + 1 :]

        for url in (check_url(result), reverse("results_vault:verify")):
            page = text_of(client.post(url, upload(changed)))
            assert "Tệp đã bị thay đổi" in page
            assert "verdict--error" in page

    def test_the_file_of_another_result_is_not_this_one(self, client, keep, signed_file):
        content = signed_file()
        keep(content=content)

        page = text_of(client.post(check_url(keep()), upload(content)))

        assert "Tệp không phải là kết quả này" in page

    def test_a_file_of_ours_that_is_no_result_says_who_signed_it(self, client, signed_file):
        page = text_of(client.post(reverse("results_vault:verify"), upload(signed_file())))

        assert "không có trong kho kết quả" in page
        assert "Phường Thử (minh họa)" in page

    @pytest.mark.parametrize(
        ("content", "words"),
        [
            (b"", "rỗng"),
            (b"MZ\x90", "không phải là PDF"),
        ],
    )
    def test_what_is_no_pdf_is_refused_with_a_reason(self, client, content, words):
        response = client.post(reverse("results_vault:verify"), upload(content))

        assert response.status_code == 422
        assert words in text_of(response)

    def test_a_damaged_pdf_is_not_ours(self, client):
        page = text_of(client.post(reverse("results_vault:verify"), upload(b"%PDF-1.7\nnonsense")))

        assert UNKNOWN in page

    def test_a_file_that_is_too_large_names_the_limit(self, client, monkeypatch):
        monkeypatch.setattr("results_vault.forms.LARGEST_FILE", 10)

        response = client.post(reverse("results_vault:verify"), upload(b"%PDF-1.7\n" + b"x" * 20))

        assert response.status_code == 422
        assert "lớn hơn" in text_of(response)


class TestTypingACode:
    def test_a_printed_code_leads_to_its_result(self, client, keep):
        result = keep()

        response = client.get(reverse("results_vault:verify"), {"ma": result.printed_code.upper()})

        assert response.url == check_url(result)

    def test_a_code_that_is_no_code_is_explained_at_its_field(self, client):
        response = client.get(reverse("results_vault:verify"), {"ma": "12345"})

        assert response.status_code == 422
        assert "36 chữ số" in text_of(response)
        assert "error-summary" in text_of(response)


class TestTheRepository:
    def test_a_person_sees_their_own_results_and_those_of_their_organisation(self, client, keep):
        person = login_as_person(client)
        organisation = OrganisationFactory.create()
        represent(person, organisation)
        own, for_company, foreign = keep(owner_person=person), keep(owner_organisation=organisation), keep()

        page = text_of(client.get(reverse("results_vault:mine")))

        assert own.number in page
        assert for_company.number in page
        assert foreign.number not in page

    def test_who_only_files_for_an_organisation_does_not_receive_its_results(self, client, keep):
        person = login_as_person(client)
        organisation = OrganisationFactory.create()
        represent(person, organisation, Scope.FILE)
        result = keep(owner_organisation=organisation)

        assert client.get(reverse("results_vault:download", args=[result.token])).status_code == 404
        assert result.number not in text_of(client.get(reverse("results_vault:mine")))

    def test_pages_go_on_where_the_last_one_ended(self, client, keep, monkeypatch):
        monkeypatch.setattr("results_vault.selectors.PAGE", 2)
        person = login_as_person(client)
        numbers = [keep(owner_person=person).number for _ in range(3)]

        first = text_of(client.get(reverse("results_vault:mine")))
        older = re.search(r'href="(/ket-qua/\?sau=[^"]+)"', first)
        assert older
        second = text_of(client.get(older[1]))

        assert [number in first for number in numbers] == [False, True, True]
        assert [number in second for number in numbers] == [True, False, False]

    def test_a_result_is_found_by_the_start_of_its_number(self, client, keep):
        person = login_as_person(client)
        keep(owner_person=person, number="77/GP-SXD", title="Giấy phép A")
        keep(owner_person=person, number="12/XN-UBND", title="Giấy phép B")

        page = text_of(client.get(reverse("results_vault:mine"), {"so": "77/"}))

        assert "Giấy phép A" in page
        assert "Giấy phép B" not in page

    def test_the_owner_downloads_the_very_file_that_was_signed(self, client, keep, signed_file):
        content = signed_file()
        result = keep(content=content)
        login_as_person(client, result.owner_person)

        response = client.get(reverse("results_vault:download", args=[result.token]))

        assert b"".join(response.streaming_content) == content
        assert response["Content-Disposition"].startswith("attachment")
        assert response["X-Content-Type-Options"] == "nosniff"
        assert not AccessLog.objects.exists()

    def test_the_owner_sees_the_code_and_who_looked(self, client, keep):
        result = keep()
        client.get(check_url(result))
        login_as_person(client, result.owner_person)

        page = text_of(client.get(reverse("results_vault:detail", args=[result.token])))

        assert "<svg" in page
        assert result.printed_code in page
        assert "127.0.0.0/24" in page
        assert "Ghi nhận quyết định" not in page

    @pytest.mark.parametrize("name", ["detail", "download"])
    def test_nobody_else_learns_that_a_result_exists(self, client, keep, name):
        result = keep()
        url = reverse(f"results_vault:{name}", args=[result.token])

        login_as_person(client)
        assert client.get(url).status_code == 404
        login_as_officer(client, AgencyFactory.create(), Role.SPECIALIST)
        assert client.get(url).status_code == 404
        login_as_officer(client, result.issuer, Role.SYSTEM_ADMIN)
        assert client.get(url).status_code == 404
        client.force_login(UserFactory.create())
        assert client.get(url).status_code == 404

    @pytest.mark.parametrize("name", ["mine", "detail", "download"])
    def test_a_stranger_is_asked_to_sign_in(self, client, keep, name):
        arguments = [] if name == "mine" else [keep().token]

        assert client.get(reverse(f"results_vault:{name}", args=arguments)).status_code == 302

    def test_an_officer_of_the_agency_reads_and_the_owner_sees_that(self, client, keep):
        result = keep()
        officer = login_as_officer(client, result.issuer, Role.CLERK)

        client.get(reverse("results_vault:download", args=[result.token]))

        entry = AccessLog.objects.get(person=result.owner_person)
        assert (entry.reader, entry.purpose) == (officer.full_name, AccessPurpose.READ_RESULT)
        assert (entry.reader_role, entry.reader_unit) == ("Văn thư", result.issuer.name)

    def test_the_signer_revokes_on_the_page_and_the_next_scan_is_red(self, client, keep):
        result = keep()
        login_as_officer(client, result.issuer, Role.SIGNER)

        response = client.post(
            reverse("results_vault:change_force", args=[result.token]),
            {"change": "revoke", "decision": "Quyết định 15/QĐ-UBND ngày 02/03/2026"},
        )

        assert response.status_code == 302
        client.logout()
        assert "Kết quả đã bị thu hồi" in text_of(client.get(check_url(result)))

    def test_a_decision_that_is_missing_is_asked_for_at_its_field(self, client, keep):
        result = keep()
        login_as_officer(client, result.issuer, Role.SIGNER)
        url = reverse("results_vault:change_force", args=[result.token])

        assert "Hãy nhập số và ngày" in text_of(client.post(url, {"change": "revoke"}))
        assert "thay cho kết quả này" in text_of(client.post(url, {"change": "correct", "decision": "QĐ 1"}))

    def test_the_owner_cannot_change_the_force_of_their_result(self, client, keep):
        result = keep()
        login_as_person(client, result.owner_person)

        response = client.post(
            reverse("results_vault:change_force", args=[result.token]), {"change": "revoke", "decision": "x"}
        )

        assert response.status_code == 403
        result.refresh_from_db()
        assert result.status == "valid"
