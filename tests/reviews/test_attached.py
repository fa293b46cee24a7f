"""A mail that is given as evidence brings nothing along that is not taken by itself."""

from __future__ import annotations

import time
from email.message import EmailMessage

import pytest
from django.core.files.base import ContentFile

from agencies.refusals import Refused
from reviews import attached
from reviews.uploads import checked
from tests.outlook import attachment, compound, message

PDF, PROGRAM = b"%PDF-1.7 done", b"MZ\x90\0 a program"
MACROS = b"PK\x03\x04 not what it says"


def a_mail(*files: tuple[str, bytes], within: EmailMessage | None = None) -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["Date"] = "Ines Whitlock <head@school.example>", "Mon, 2 Mar 2026 09:00:00 +0000"
    mail.set_content("Done.")
    mail.add_alternative("<p>Done.</p>", subtype="html")
    for name, content in files:
        mail.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    if within:
        mail.add_attachment(within)
    return mail


def sent(*files: tuple[str, bytes], within: EmailMessage | None = None) -> ContentFile:
    return ContentFile(bytes(a_mail(*files, within=within)), name="answer.eml")


def kept_by_outlook(*files: tuple[str, bytes]) -> ContentFile:
    return ContentFile(compound(message(*(attachment(*file) for file in files))), name="answer.msg")


@pytest.mark.parametrize("made", [sent, kept_by_outlook])
class TestAttached:
    """The same for both kinds of mail."""

    def test_what_may_be_taken_by_itself_comes_along(self, made) -> None:
        assert checked(made())
        assert checked(made(("Bericht für März.pdf", PDF), ("image001.gif", b"GIF89a"), ("notes.txt", b"Done.")))

    @pytest.mark.parametrize(
        ("name", "content"),
        [
            ("invoice.exe", PROGRAM),
            ("invoice.pdf", PROGRAM),
            ("invoice.pdf.", PROGRAM),
            ("plan.docx", MACROS),
            ("plan.docm", MACROS),
            ("page.html", b"<script>"),
            ("folder.zip", b"PK"),
            ("unnamed", PDF),
            ("answer.eml", b"Dear all"),
        ],
    )
    def test_what_may_not_is_named_and_refused(self, made, name: str, content: bytes) -> None:
        with pytest.raises(Refused, match=r"This mail has “.+” attached, which is not a kind") as refused:
            checked(made(("good.pdf", PDF), (name, content)))
        assert name.rstrip(".") in refused.value.sentence

    def test_nor_in_a_mail_that_is_attached_as_a_file(self, made) -> None:
        assert checked(made(("first.eml", bytes(a_mail(("done.pdf", PDF))))))
        inner = compound(message(attachment("invoice.exe", PROGRAM)))
        for name, content in (("first.eml", bytes(a_mail(("invoice.exe", PROGRAM)))), ("first.msg", inner)):
            with pytest.raises(Refused, match=r"invoice\.exe"):
                checked(made((name, content)))

    def test_nobody_is_led_down_without_end(self, made) -> None:
        deep = bytes(a_mail())
        for _ in range(9):
            deep = bytes(a_mail(("next.eml", deep)))
        with pytest.raises(Refused, match=r"next\.eml"):
            checked(made(("next.eml", deep)))

    def test_a_crowd_of_attachments_is_no_mail(self, made, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(attached, "MOST_ATTACHED", 0)
        with pytest.raises(Refused, match="is not what its name says"):
            checked(made(("done.pdf", PDF)))


def test_a_mail_within_a_mail_is_looked_at() -> None:
    assert checked(sent(within=a_mail(("done.pdf", PDF))))
    with pytest.raises(Refused, match=r"invoice\.exe"):
        checked(sent(within=a_mail(("invoice.exe", PROGRAM))))
    inner = message(attachment("invoice.exe", PROGRAM))
    forwarded = {"__properties_version1.0": b"", "__substg1.0_3701000D": inner}
    with pytest.raises(Refused, match=r"invoice\.exe"):
        checked(ContentFile(compound(message(forwarded)), name="answer.msg"))
    linked = {"__properties_version1.0": b"", "__substg1.0_3701000D": {"Workbook": b"macros"}}
    with pytest.raises(Refused, match="an object of another program"):
        checked(ContentFile(compound(message(linked)), name="answer.msg"))


def test_a_file_without_a_name_is_judged_by_what_it_says_to_be() -> None:
    for kind, content, is_taken in (("pdf", PDF, True), ("pdf", PROGRAM, False), ("x-msdownload", PROGRAM, False)):
        mail = a_mail()
        mail.add_attachment(content, maintype="application", subtype=kind)
        file = ContentFile(bytes(mail), name="answer.eml")
        if is_taken:
            assert checked(file)
        else:
            with pytest.raises(Refused, match="“unnamed"):
                checked(file)


def test_a_file_with_two_names_is_judged_by_both() -> None:
    said = bytes(a_mail(("done.pdf", PDF))).replace(
        b"Content-Type: application/octet-stream", b'Content-Type: application/octet-stream; name="invoice.exe"'
    )
    with pytest.raises(Refused, match="attached"):
        checked(ContentFile(said, name="answer.eml"))


_PARTS = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(190))


@pytest.mark.parametrize(
    "rest",
    [
        _PARTS + b"\r\n" + b"a\r\n" * 600_000,
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\n" * 200_000,
        b"\r" * 2_000_000,
    ],
    ids=["nested", "many", "lines"],
)
def test_what_keeps_the_library_busy_is_refused_at_once(rest: bytes) -> None:
    began = time.monotonic()
    with pytest.raises(Refused, match="is not what its name says"):
        checked(ContentFile(b"From: a\r\nDate: Mon, 2 Mar 2026 09:00:00 +0000\r\n" + rest, name="answer.eml"))
    assert time.monotonic() - began < 5


@pytest.mark.parametrize("cut", [1, 600, 1600, 5000])
def test_what_is_cut_short_or_spoilt_breaks_nothing(cut: int) -> None:
    whole = compound(message(attachment("done.pdf", PDF)))
    for spoilt in (whole[:-cut], whole[:cut] + b"\xff" * 64 + whole[cut + 64 :]):
        try:
            checked(ContentFile(spoilt, name="answer.msg"))
        except Refused:
            continue
