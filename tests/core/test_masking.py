from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from core.masking import MASK, mask, mask_event


def masked(**event: Any) -> dict[str, Any]:
    return dict(mask_event(None, "info", event))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("công dân 048085000123 đã nộp", "công dân ***123 đã nộp"),
        ("CMND 201234567.", "CMND ***567."),
        ("/tra-cuu/?so=048085000123&trang=2", "/tra-cuu/?so=***123&trang=2"),
        (
            "Key (personal_id_number)=(048085000123) already exists",
            "Key (personal_id_number)=(***123) already exists",
        ),
        ("cccd_048085000123_truoc.pdf", "cccd_***123_truoc.pdf"),
        ("số 048 085 000 123.", "số ***123."),
        (repr("số:\n048085000123\t201234567"), "'số:\\n***123\\t***567'"),
        ("từ 203.113.131.101", "từ 203.113.131.101"),
        ("hồ sơ H17.34.07-260302-0117", "hồ sơ H17.34.07-260302-0117"),
        ("000.00.05.H17-240628-0012", "000.00.05.H17-240628-0012"),
        ("10 số 0905123456, 13 số 1234567890123", "10 số 0905123456, 13 số 1234567890123"),
    ],
)
def test_identity_numbers_keep_three_digits_and_codes_stay_readable(text, expected):
    assert mask(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Authorization: Bearer abc.def-123456",
        "id_token=eyJhbGciOi.eyJzdWIiOi.c2lnbmF0dXJl",
        "/callback/?code=s3cr3tvalue&state=1",
        '{"access_token": "s3cr3tvalue"}',
        "password='s3cr3tvalue'",
    ],
)
def test_secrets_in_a_text_are_masked(text):
    secrets = ("s3cr3tvalue", "abc.def-123456", "eyJzdWIiOi", "c2lnbmF0dXJl")

    assert not [secret for secret in secrets if secret in mask(text)]
    assert MASK in mask(text)


def test_nested_values_are_masked_and_numbers_stay_numbers():
    event = masked(event="x", data={"people": ["048085000123"], "pages": 123456789}, duration_ms=1.5)

    assert event["data"] == {"people": ["***123"], "pages": 123456789}
    assert event["duration_ms"] == 1.5


def test_fields_with_the_name_of_a_secret_are_masked_whole():
    event = masked(event="x", csrf_token="abc", headers={"Cookie": "a=b"}, personal_id_number=48085000123)

    assert (event["csrf_token"], event["headers"], event["personal_id_number"]) == (
        MASK,
        {"Cookie": MASK},
        MASK,
    )


def test_an_object_is_masked_as_it_would_be_rendered():
    @dataclass
    class Person:
        number: str

    assert "048085000123" not in str(masked(event="x", person=Person("048085000123")))


def test_the_request_id_and_the_bookkeeping_of_structlog_stay():
    record = object()

    event = masked(event="x", request_id="123456789012", _record=record)

    assert (event["request_id"], event["_record"]) == ("123456789012", record)
