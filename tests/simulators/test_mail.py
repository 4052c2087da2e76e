"""The mail simulator behaves like a mail server in good and bad times."""

from __future__ import annotations

import smtplib
from collections.abc import Iterator
from email.message import EmailMessage

import pytest
import requests

from tests.simulators import mail as simulator
from tests.simulators.mail import MailServer

pytestmark = pytest.mark.stack


@pytest.fixture(scope="module")
def process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MailServer]:
    with simulator.started(tmp_path_factory.mktemp("mail")) as server:
        yield server


@pytest.fixture
def server(process: MailServer) -> MailServer:
    process.control(reset=True)
    process.control(clear=True)
    return process


def letter(
    to: str = "hai@example.vn", subject: str = "Thư", text: str = "Xin chào", **headers: str
) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "cong@danang.example", to, subject
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    return message


def send(server: MailServer, message: EmailMessage) -> None:
    with smtplib.SMTP("127.0.0.1", server.smtp_port, timeout=10) as line:
        line.send_message(message)


def test_a_letter_arrives_with_all_its_marks(server):
    send(server, letter(subject="Hồ sơ đã được tiếp nhận", text="Kính gửi bạn,\nHạn trả: 09/03/2026"))

    (mail,) = server.messages(to="HAI@example.vn")
    assert (mail["subject"], mail["transmissions"]) == ("Hồ sơ đã được tiếp nhận", 1)
    assert "Hạn trả: 09/03/2026" in mail["text"]


def test_letters_survive_a_restart(tmp_path):
    with simulator.started(tmp_path) as first:
        send(first, letter())
    with simulator.started(tmp_path) as second:
        assert len(second.messages()) == 1


def test_one_message_id_is_shown_once_and_counted(server):
    for _ in range(3):
        send(server, letter(Message_ID="<1@danang.example>"))

    (mail,) = server.messages()
    assert mail["transmissions"] == 3


def test_letters_without_a_message_id_are_each_kept(server):
    for _ in range(2):
        send(server, letter())

    assert len(server.messages()) == 2


@pytest.mark.parametrize(
    ("address", "code"), [("a@nowhere.invalid", 550), ("khong-co@example.vn", 550), ("a@localhost", 553)]
)
def test_a_recipient_that_cannot_be_reached_is_refused(server, address, code):
    with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
        send(server, letter(to=address))

    assert refused.value.recipients[address][0] == code
    assert server.messages() == []


def test_a_letter_that_is_too_large_is_refused(server):
    with pytest.raises((smtplib.SMTPDataError, smtplib.SMTPSenderRefused)) as refused:
        send(server, letter(text="x" * 78 + "\n" + ("y" * 78 + "\n") * 140_000))

    assert refused.value.smtp_code == 552


@pytest.mark.parametrize(
    ("stage", "error"),
    [
        ("mail", smtplib.SMTPSenderRefused),
        ("rcpt", smtplib.SMTPRecipientsRefused),
        ("data", smtplib.SMTPDataError),
    ],
)
def test_refusals_can_be_ordered_at_each_stage_and_end(server, stage, error):
    server.control(stage=stage, code=451, times=1)

    with pytest.raises(error):
        send(server, letter())
    send(server, letter())

    assert len(server.messages()) == 1


def test_a_fault_may_meet_one_address_only(server):
    server.control(stage="rcpt", code=550, to="ba@example.vn")

    send(server, letter(to="hai@example.vn"))
    with pytest.raises(smtplib.SMTPRecipientsRefused):
        send(server, letter(to="ba@example.vn"))


@pytest.mark.parametrize(("drop", "kept"), [("before", 0), ("after", 1)])
def test_the_line_may_break_before_or_after_the_letter_is_kept(server, drop, kept):
    server.control(stage="data", drop=drop, times=1)

    with pytest.raises((smtplib.SMTPServerDisconnected, ConnectionError)):
        send(server, letter())

    assert len(server.messages()) == kept


def test_a_subject_does_not_move_the_content(server):
    send(server, letter(subject="{content}", text="Nội dung thư"))
    number = server.messages()[0]["id"]

    page = requests.get(f"{server.url}/thu/{number}", timeout=10).text

    assert "<title>{content} – " in page
    assert "Nội dung thư" in page.partition("<main>")[2]


def test_pages_escape_what_letters_say(server):
    evil = "<script>alert(1)</script>"
    send(server, letter(subject=evil, text=f"{evil} https://portal.example/x?a=1&b=2"))
    number = server.messages()[0]["id"]

    for path in ("/", f"/thu/{number}", "/?q=%3Cscript%3E"):
        page = requests.get(server.url + path, timeout=5)
        assert evil not in page.text
        assert "&lt;script&gt;" in page.text
        assert page.headers["Content-Security-Policy"].startswith("default-src 'self'")
    assert (
        'href="https://portal.example/x?a=1&amp;b=2"'
        in requests.get(f"{server.url}/thu/{number}", timeout=5).text
    )


def test_the_html_of_a_letter_is_shown_where_it_can_do_nothing(server):
    message = letter()
    message.add_alternative("<p onclick='x()'>Chào</p>", subtype="html")
    send(server, message)
    number = server.messages()[0]["id"]

    page = requests.get(f"{server.url}/thu/{number}", timeout=5)
    body = requests.get(f"{server.url}/thu/{number}/html", timeout=5)

    assert f'src="/thu/{number}/html"' in page.text
    assert "allow-scripts" not in page.text
    assert body.headers["Content-Security-Policy"].startswith("sandbox allow-popups ")
    assert "default-src 'none'" in body.headers["Content-Security-Policy"]


def test_search_finds_words_of_the_body_and_recipient(server):
    send(server, letter(to="hai@example.vn", text="Mã hồ sơ H17.34.01-260302-0001"))
    send(server, letter(to="ba@example.vn", text="Khác"))

    assert [mail["to"] for mail in server.messages(search="260302-0001")] == ["hai@example.vn"]
    assert [mail["to"] for mail in server.messages(to="ba@example.vn")] == ["ba@example.vn"]


@pytest.mark.parametrize("path", ["/thu/999", "/thu/x", "/thu/1/2/3", "/api/messages/999", "/nowhere"])
def test_what_is_not_there_is_a_404(server, path):
    assert requests.get(server.url + path, timeout=5).status_code == 404


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        ('{"stage": "moon"}', "application/json", 400),
        ('{"stage": "rcpt", "drop": "after"}', "application/json", 400),
        ('{"stage": "rcpt", "code": 200}', "application/json", 400),
        ("[]", "application/json", 400),
        ("stage=rcpt", "text/plain", 415),
    ],
)
def test_an_order_that_makes_no_sense_is_refused_with_a_reason(server, body, kind, status):
    answer = requests.post(f"{server.url}/_control", data=body, headers={"Content-Type": kind}, timeout=5)

    assert (answer.status_code, bool(answer.json()["error"])) == (status, True)
