"""Encoded words and parameters in every form that programs write, allowed or not."""

from __future__ import annotations

import base64
import time

import pytest

from router.mail import headers, transfer
from router.mail.ids import message_ids


def b64(text: str, charset: str = "utf-8") -> str:
    return base64.b64encode(text.encode(charset)).decode()


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("=?utf-8?q?a_b?==?utf-8?q?_c?=", "a b c"),
        (f"=?UTF-8?B?{b64('Привіт')}?=", "Привіт"),
        (f"=?utf-8?B?{b64('Привіт')[:-1]}?=", "Приві"),
        (f"=?utf-8?B?{b64('Привіт')}", "Привіт"),
        (f"Re: =?utf-8?B?{b64('При')}?= =?utf-8?B?{b64('віт')}", "Re: Привіт"),
        ("=?utf-8?Q?a=20b?= plain =?utf-8?Q?c?=", "a b plain c"),
        ("=?utf-8?Q?hello world?=", "hello world"),
        ('"=?utf-8?q?Quoted?="', '"Quoted"'),
        ("=?x-unknown?q?caf=E9?=", "café"),
        (f"=?unknown-8bit?B?{b64('Привет, мир', 'cp1251')}?=", "Привет, мир"),
        ("=?utf-8*en?Q?hi?=", "hi"),
        ("=?iso-8859-1?Q?a?b?=", "a?b"),
        ("=?us-ascii?Q?=D0=9F=D1=80=D0=B8?=", "При"),
        ("=?utf-8?B?0J/R gNC4?=", "При"),
        ("=?utf-8?B??= x", "x"),
        ("= ?utf-8?Q?x?=", "= ?utf-8?Q?x?="),
        ("=?utf-8?Q?=F0=9F=98?= =?utf-8?Q?=80?= ok", "😀 ok"),
        ("=?windows-1251?Q?=CF=F0?=(=?windows-1251?Q?=E8?=)", "Пр(и)"),
        ("=?cp-1251?q?=CF=F0=E8=E2=E5=F2?=", "Привет"),
        ("=?utf8?Q?=C3=A9?=", "é"),
        ("=?utf-8?b?w6k=w6k=?=", "éé"),
        (f"=?utf-8?B?{base64.urlsafe_b64encode('ÿþ>?'.encode()).decode()}?=", "ÿþ>?"),
    ],
)
def test_encoded_words_are_read_in_any_form(raw: str, text: str) -> None:
    """RFC 2047, and what programs make of it: cut, spaced, in the wrong case, under a wrong name."""
    assert headers.decode(raw) == text


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("attachment; filename=a b.pdf", "a b.pdf"),
        (f'attachment; filename="=?utf-8?B?{b64("При")}?=.pdf"', "При.pdf"),
        ("attachment; filename==?utf-8?Q?a;b.pdf?=", "a;b.pdf"),
        ("attachment; filename*=UTF-8''%D0%9F%D1%80.pdf", "Пр.pdf"),
        ("attachment; filename*=%D0%9F%D1%80.pdf", "Пр.pdf"),
        ("attachment; filename*=\"UTF-8''%D0%9F%D1%80.pdf\"", "Пр.pdf"),
        ('attachment; filename*1="name.pdf"; filename*0="long"', "longname.pdf"),
        ("attachment; filename*0*=utf-8''%D0; filename*1*=%9F; filename*2=x.pdf", "Пx.pdf"),
        ("attachment; filename*0=utf-8''%D0%9F; filename*1=%D1%80.pdf", "Пр.pdf"),
        ("attachment; filename*00*=utf-8''a; filename*01*=b.pdf", "ab.pdf"),
        ("attachment; filename*=utf-8'en'a%20b.pdf; filename=\"fallback.pdf\"", "a b.pdf"),
        ("attachment; filename*=koi8-r''%D0%D2.pdf", "пр.pdf"),
        ("attachment; filename*=''a.pdf", "a.pdf"),
        ('attachment; filename="a;b.pdf"', "a;b.pdf"),
        ('attachment; filename="a\\"b.pdf"', 'a"b.pdf'),
        ('attachment; filename="C:\\dir\\a.pdf"', "C:\\dir\\a.pdf"),
        ("attachment; filename='a.pdf'", "a.pdf"),
        ('attachment; filename="a.pdf', "a.pdf"),
        ("attachment;FILENAME = a.pdf;size=3", "a.pdf"),
        ("attachment; filename=%D0%9F%D1%80.pdf", "Пр.pdf"),
        ("attachment; filename=100%25.pdf", "100%25.pdf"),
        ('attachment; filename="=?utf-8?Q?a?=\r\n =?utf-8?Q?b.pdf?="', "ab.pdf"),
    ],
)
def test_file_names_are_read_in_any_form(raw: str, name: str) -> None:
    """RFC 2231 whole and in sections, and the forms it forbids."""
    assert headers.parameters(raw)[1]["filename"] == name


@pytest.mark.parametrize(
    ("raw", "encoding", "octets"),
    [
        (b"SGVsbG8=SGVsbG8=", "base64", b"HelloHello"),
        (b"SGVs\nbG8", "base64", b"Hello"),
        (b"SGVs!!bG8=", "base64", b"Hello"),
        (b"SGVsbG8=\n-- \nfooter", "base64", b"Hello\n-- \nfooter"),
        (b"SGVsbG8h\nThis list is yours.\n", "base64", b"Hello!\nThis list is yours.\n"),
        (b"Hi, I am plain", "base64", b"Hi, I am plain"),
        (b"a=  \r\nb", "quoted-printable", b"ab"),
        (b"a==3Db=", "quoted-printable", b"a==b"),
        (b"a=XYb=c3=A9", "quoted-printable", b"a=XYb\xc3\xa9"),
        (b"begin 644 x\n#86)C\n`\nend\n", "x-uuencode", b"abc"),
        (b"a=3Db", "", b"a=3Db"),
    ],
)
def test_transfer_encodings_are_read_in_any_form(raw: bytes, encoding: str, octets: bytes) -> None:
    """Garbage, missing padding, footers, blanks that were added: what can be decoded is, and nothing is lost."""
    assert transfer.octets(raw.decode(), encoding)[0] == octets


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "bait", ["=?x?b?A?B", "=?x?q?a", "=?x?b?A?=B", "=?", "?", "=?a?q??", "(", " ", "( ", ";a=", "%41"]
)
def test_baits_are_decoded_in_linear_time(bait: str) -> None:
    """Neither encoded words that never end nor blanks and brackets make the reader look back again and again."""
    raw = (bait * 100_000)[:100_000]
    started = time.process_time()
    headers.decode(raw)
    headers.parameters(f"text/plain{raw}x; name=x")
    headers.parameters(f"text/plain; name={raw}")
    message_ids(raw)
    assert time.process_time() - started < 2


def test_question_marks_inside_an_encoded_word_are_kept() -> None:
    """They ought to be encoded; whoever shouts does not know."""
    assert headers.decode(f"=?utf-8?q?Where{'?' * 40}_Why??= x") == f"Where{'?' * 40} Why? x"
