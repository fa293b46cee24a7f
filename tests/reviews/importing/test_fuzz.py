"""Files of every kind with bytes flipped, values changed, parts cut: a plan or a sentence, and never an exception."""

import io
import random
import re
import zipfile

import pytest

from reviews.importing.readers import read
from reviews.importing.understanding.plan import read_plan
from reviews.importing.understanding.tables import Unreadable
from tests.reviews.importing import documents, plans, variations, writers

VALUES = (b"-1", b"999999999999", b"", b"x", b"0", "²".encode(), b"restart", b"continue", b"1e999", b"A1:B", b"nan")
TEXT = "\n".join("\t".join(row) for row in (plans.REPORT_HEADINGS, *plans.REPORT)).encode()
ALIGNED = writers.write(variations.a_plan(random.Random(4)), random.Random(4), "pdf").data

#: The name of each file, its content, and the parts of it that a reader opens.
ARCHIVES = {
    "docx": (
        documents.the_report_as_docx(),
        ("word/document.xml", "word/numbering.xml", "word/styles.xml"),
    ),
    "xlsx": (
        plans.the_report_as_xlsx(),
        ("xl/worksheets/sheet1.xml", "xl/styles.xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"),
    ),
    "xlsm": (plans.with_macros(plans.the_report_as_xlsx()), ("xl/worksheets/sheet1.xml",)),
    "ods": (plans.the_report_as_ods(), ("content.xml",)),
}
TEXTS = {
    "plan.txt": TEXT,
    "aligned.txt": ALIGNED,
    "plan.csv": plans.the_report_as_csv(),
    "wide.csv": plans.the_report_as_csv(";", "utf-16"),
}


def flipped(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.choice((1, 3, 10))):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def other_values(xml: bytes, chance: random.Random) -> bytes:
    some = lambda found: b'="%s"' % chance.choice(VALUES) if chance.random() < chance.choice((0.01, 0.1)) else found[0]  # noqa: E731
    head, body = xml[: xml.find(b">", 60) + 1], xml[xml.find(b">", 60) + 1 :]
    return head + re.sub(rb'="[^"]*"', some, body)


def other_words(xml: bytes, chance: random.Random) -> bytes:
    some = lambda found: b">%s<" % chance.choice(VALUES) if chance.random() < 0.2 else found[0]  # noqa: E731
    return re.sub(rb">[^<>]+<", some, xml)


def cut_and_doubled(xml: bytes, chance: random.Random) -> bytes:
    for tag in sorted(set(re.findall(rb"<([\w:]+)[ >]", xml)))[:12]:
        some = lambda found: found[0] * chance.choice((0, 2)) if chance.random() < 0.05 else found[0]  # noqa: E731
        xml = re.sub(rb"<%s[ >](?:(?!<%s[ >]).)*?</%s>" % (tag, tag, tag), some, xml, flags=re.DOTALL)
    return xml


def shortened(data: bytes, chance: random.Random) -> bytes:
    return data[: chance.randrange(len(data))]


def torn(text: bytes, chance: random.Random) -> bytes:
    changed = bytearray(text)
    for _ in range(chance.choice((1, 5, 50))):
        at = chance.randrange(len(changed))
        changed[at : at + chance.choice((0, 1, 4))] = chance.choice((b"\t", b"\n", b"\f", b'"', b"", b"\xff", b"\r"))
    return bytes(changed)


def packed_anew(data: bytes, part: str, change, chance: random.Random) -> bytes:
    """The file with one part changed inside; what was packed is whole."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, change(content, chance) if name == part else content)
    return stream.getvalue()


def taken(data: bytes, name: str) -> bool:
    """Whether it gave a plan; else a sentence."""
    rows, sentence = [], "."
    try:
        rows = read_plan(read(data, name)).rows
    except Unreadable as unreadable:
        sentence = str(unreadable)
    assert sentence.endswith(".")
    assert all({"place", "problems", "agencies"} <= set(row) for row in rows)
    return bool(rows)


@pytest.mark.parametrize("change", [flipped, other_values, other_words, cut_and_doubled])
@pytest.mark.parametrize("kind", ARCHIVES)
def test_a_file_with_a_part_changed_at_random_gives_a_plan_or_a_sentence(kind, change):
    data, parts = ARCHIVES[kind]
    whole = [
        taken(packed_anew(data, part, change, random.Random(seed)), f"plan.{kind}")
        for part in parts
        for seed in range(24 // len(parts))
    ]
    assert any(whole) or change is flipped


@pytest.mark.parametrize("change", [flipped, shortened])
@pytest.mark.parametrize("kind", ARCHIVES)
def test_a_file_changed_as_a_whole_gives_a_plan_or_a_sentence(kind, change):
    data, _ = ARCHIVES[kind]
    whole = [taken(change(data, random.Random(seed)), f"plan.{kind}") for seed in range(25)]
    assert not all(whole)


@pytest.mark.parametrize("change", [torn, flipped, shortened])
@pytest.mark.parametrize("name", TEXTS)
def test_text_that_was_torn_at_random_gives_a_plan_or_a_sentence(name, change):
    whole = [taken(change(TEXTS[name], random.Random(seed)), name) for seed in range(30)]
    assert any(whole)
