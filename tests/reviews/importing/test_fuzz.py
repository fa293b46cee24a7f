"""Documents and text with bytes flipped, values changed and parts cut: a plan or a sentence, and never an exception."""

import io
import random
import re
import zipfile

import pytest

from reviews.importing.plan import read_plan
from reviews.importing.readers import read
from reviews.importing.tables import Unreadable
from tests.reviews.importing import documents, plans

PART = "word/document.xml"
WORD = documents.the_report_as_docx()
with zipfile.ZipFile(io.BytesIO(WORD)) as _archive:
    XML = _archive.read(PART)
    NUMBERING = _archive.read("word/numbering.xml")
TEXT = "\n".join("\t".join(row) for row in (plans.REPORT_HEADINGS, *plans.REPORT)).encode()
VALUES = (b"-1", b"999999999999", b"", b"x", b"0", "²".encode(), b"restart", b"continue")


def a_document(xml: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(PART, xml)
        archive.writestr("word/numbering.xml", NUMBERING)
    return stream.getvalue()


def flipped(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.choice((1, 3, 10))):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def other_values(xml: bytes, chance: random.Random) -> bytes:
    some = lambda found: b'w:val="%s"' % chance.choice(VALUES) if chance.random() < 0.3 else found[0]  # noqa: E731
    return re.sub(rb'w:val="[^"]*"', some, xml)


def cut_and_doubled(xml: bytes, chance: random.Random) -> bytes:
    for tag in (b"w:tc", b"w:tr", b"w:tcPr", b"w:p"):
        some = lambda found: found[0] * chance.choice((0, 2)) if chance.random() < 0.1 else found[0]  # noqa: E731
        xml = re.sub(rb"<%s>.*?</%s>" % (tag, tag), some, xml, flags=re.DOTALL)
    return xml


def torn(text: bytes, chance: random.Random) -> bytes:
    changed = bytearray(text)
    for _ in range(chance.choice((1, 5, 50))):
        at = chance.randrange(len(changed))
        changed[at : at + chance.choice((0, 1, 4))] = chance.choice((b"\t", b"\n", b"\f", b'"', b"", b"\xff", b"\r"))
    return bytes(changed)


@pytest.mark.parametrize("change", [flipped, other_values, cut_and_doubled])
def test_a_word_document_that_was_changed_at_random_gives_a_plan_or_a_sentence(change):
    read_whole, sentences = 0, []
    for seed in range(25):
        try:
            plan = read_plan(read(a_document(change(XML, random.Random(seed))), "plan.docx"))
        except Unreadable as sentence:
            sentences.append(str(sentence))
        else:
            read_whole += all({"place", "problems", "agencies"} <= set(row) for row in plan.rows)
    assert read_whole or change is flipped
    assert all(sentence.endswith(".") for sentence in sentences)


def test_text_that_was_torn_at_random_gives_a_plan_or_a_sentence():
    read_whole, sentences = 0, []
    for seed in range(60):
        try:
            read_whole += bool(read_plan(read(torn(TEXT, random.Random(seed)), "plan.txt")).rows)
        except Unreadable as sentence:
            sentences.append(str(sentence))
    assert read_whole > 20
    assert all(sentence.endswith(".") for sentence in sentences)
