"""Which words name a person, and which never do: first names, titles, and what bodies and posts are called."""

from __future__ import annotations

import re

#: Words with which the name of a body ends.
BODY_ENDS = frozenset((
    "agency", "alliance", "association", "authority", "board", "borough", "cabinet", "care", "centre", "centres",
    "charity", "church", "clinic", "college", "commission", "commissioners", "committee", "company", "consortium",
    "constabulary", "council", "department", "federation", "forum", "foundation", "group", "health", "homes",
    "hospital", "hospitals", "housing", "network", "nhs", "office", "organisation", "organisations", "parliament",
    "partners", "partnership", "police", "practice", "practices", "prison", "probation", "programme", "providers",
    "school", "schools", "service", "services", "society", "solicitors", "surgery", "team", "teams", "trust",
    "trusts", "union", "unit", "university", "voluntary", "icb", "ccg", "ccgs", "csp", "opcc", "cps", "ics", "ltd",
    "cic", "aid", "refuge", "commissioner", "court", "courts", "support", "commissioning", "directorate", "division",
    "ministry", "executive", "assembly", "trustees", "hub", "academy", "nursery", "pharmacy", "hospice", "helpline",
))  # fmt: skip
#: Words in capitals that are no part of a person's name.
NOT_NAMES = frozenset((
    "academy", "accredited", "act", "action", "adult", "advisory", "advocate", "aged", "agenda", "aid", "alcohol",
    "all", "analyst", "and", "annual", "april", "ask", "association", "august", "autumn", "board", "borough",
    "bureau", "care", "case", "centre", "chair", "chief", "child", "children", "clinical", "code", "college",
    "commissioner", "committee", "community", "conference", "constabulary", "contract", "council", "county",
    "court", "crime", "crisis", "crown", "data", "day", "december", "designated", "development", "director",
    "district", "domestic", "drug", "duty", "each", "early", "east", "education", "emergency", "england",
    "executive", "families", "family", "february", "federation", "fire", "first", "force", "forum", "foundation",
    "framework", "friday", "from", "general", "girls", "government", "great", "group", "head", "health", "help",
    "home", "homes", "homicide", "hospital", "housing", "hub", "independent", "information", "integrated",
    "intervention", "january", "joint", "july", "june", "justice", "lead", "learning", "liaison", "line", "local",
    "london", "manager", "march", "may", "mental", "metropolitan", "midwife", "ministry", "monday", "multi",
    "national", "network", "new", "nhs", "north", "november", "nurse", "october", "office", "officer",
    "operation", "operational", "routine", "enquiry", "scheme", "campaign",
    "outreach", "panel", "parish", "partnership", "pathway", "plan", "police", "policy",
    "practice", "practitioner", "principal", "probation", "professional", "programme", "project", "protection",
    "public", "quality", "recording", "refuge", "regional", "register", "report", "reporting", "respect",
    "review", "risk", "royal", "safe", "safeguarding", "saturday", "school", "scotland", "second", "senior",
    "september", "serious", "service", "services", "sexual", "sharing", "social", "solicitor", "south",
    "specialist", "standing", "steering", "strategic", "strategy", "summer", "sunday", "support", "survivors",
    "system", "team", "that", "the", "their", "these", "third", "this", "thursday", "together", "training",
    "trust", "tuesday", "university", "victim", "victims", "violence", "voluntary", "volunteer", "wales", "ward",
    "wednesday", "west", "when", "where", "winter", "with", "woman", "women", "work", "worker", "working",
    "workshop", "young", "youth",
))  # fmt: skip
#: First names of people here. None of them is also a place, a season, a colour, or a word that names bodies.
FIRST_NAMES = frozenset((
    "aaron", "abdul", "abigail", "adam", "adrian", "agnes", "ahmed", "aisha", "alan", "albert", "alex", "alexander",
    "alexandra", "alfred", "ali", "alice", "alison", "amanda", "amina", "amy", "andrea", "andrew", "angela",
    "anita", "ann", "anna", "anne", "annette", "anthony", "arthur", "asha", "audrey", "barbara", "barry",
    "beatrice", "ben", "benjamin", "bernard", "beth", "bethany", "beverley", "bill", "bob", "brenda", "brian",
    "bridget", "bruce", "carl", "carla", "carol", "caroline", "catherine", "cathy", "charles", "christina",
    "christine", "christopher", "claire", "clare", "clive", "colin", "connor", "craig", "cynthia", "daniel",
    "danielle", "darren", "dave", "david", "dean", "deborah", "debbie", "debra", "denise", "dennis", "derek",
    "diana", "diane", "donald", "donna", "doreen", "dorothy", "douglas", "duncan", "edith", "edward", "eileen",
    "elaine", "eleanor", "elizabeth", "ellen", "emily", "emma", "eric", "erin", "esther", "eva", "evelyn", "fatima",
    "fiona", "frances", "francesca", "frank", "fred", "gail", "gareth", "gary", "gavin", "gemma", "geoff",
    "geoffrey", "george", "georgina", "gerald", "gillian", "gina", "glenn", "gloria", "gordon", "graham", "greg",
    "gwen", "hannah", "harriet", "harry", "hassan", "hazel", "heather", "heidi", "helen", "helena", "henry",
    "hilary", "howard", "hugh", "ian", "imran", "irene", "isabel", "ivan", "jack", "jacqueline", "jacqui", "james",
    "jamie", "jane", "janet", "janice", "jason", "jayne", "jean", "jeanette", "jeff", "jeffrey", "jennifer",
    "jenny", "jeremy", "jessica", "jill", "jim", "jo", "joan", "joanna", "joanne", "joe", "john", "jonathan",
    "joseph", "joshua", "joyce", "judith", "julia", "julian", "julie", "justin", "karen", "kate", "katherine",
    "kathleen", "kathryn", "katie", "keith", "kelly", "kenneth", "kerry", "kevin", "kim", "kirsty", "laura",
    "lauren", "lawrence", "leah", "leanne", "lee", "leonard", "lesley", "leslie", "liam", "linda", "lindsay",
    "lisa", "liz", "lorraine", "louise", "lucy", "luke", "lynda", "lynn", "lynne", "maggie", "malcolm", "margaret",
    "maria", "marian", "marie", "marilyn", "marion", "martin", "martyn", "mary", "matthew", "maureen", "maxine",
    "megan", "melanie", "melissa", "michael", "michelle", "mike", "miriam", "mohammed", "mohamed", "muhammad",
    "monica", "nadia", "nancy", "naomi", "natalie", "natasha", "neil", "nicholas", "nick", "nicola", "nicole",
    "nigel", "norma", "norman", "oliver", "olivia", "omar", "pamela", "patricia", "patrick", "paul", "paula",
    "pauline", "penny", "peter", "philip", "phil", "philippa", "priya", "rachael", "rachel", "raj", "ralph",
    "raymond", "rebecca", "richard", "rita", "robert", "roberta", "robin", "roger", "ronald", "rosalind",
    "rosemary", "ross", "roy", "russell", "ruth", "ryan", "sally", "sam", "samantha", "samuel", "sandra", "sara",
    "sarah", "sean", "sharon", "sheila", "shirley", "simon", "sophie", "stacey", "stanley", "stella", "stephanie",
    "stephen", "steve", "steven", "stewart", "stuart", "sue", "susan", "suzanne", "sylvia", "tanya", "teresa",
    "terence", "terry", "theresa", "thomas", "tim", "timothy", "tina", "toby", "tom", "tony", "tracey", "tracy",
    "trevor", "valerie", "vanessa", "vera", "veronica", "vicky", "vincent", "vivien", "walter", "wayne", "wendy",
    "william", "yasmin", "yvonne", "zainab", "zoe",
))  # fmt: skip
_WORD = r"[A-Z][a-z’']*[A-Z]?[a-z]+(?:-[A-Z][a-z]+)?"
_TITLE = r"(?:Mr|Mrs|Ms|Miss|Dr|Prof|Professor|Sgt|Sergeant|PC|PS|DC|DS|DI|DCI|DSU|Insp|Supt|Cllr|Councillor|Rev)\.?"
_TITLED = re.compile(rf"\b{_TITLE} (?:[A-Z]\.? )?{_WORD}(?: {_WORD})?")
_NAMED = re.compile(rf"\b{_WORD} (?:[A-Z]\.? )?{_WORD}")


def is_surely_a_person(text: str) -> bool:
    """Whether this is a person's name and nothing else: one with a title, or one that begins with a first name."""
    words = re.sub(r"\s*\([^)]*\)$", "", text).strip(" .")
    return bool(words) and surely_a_person(words) == words


def surely_a_person(text: str) -> str:
    """The first words that are a person's name: after a title, or begun by a first name; empty where none are."""
    if found := next((one[0] for one in _TITLED.finditer(text) if _is_no_body(one[0])), ""):
        return found
    words = list(re.finditer(r"[A-Z][a-z]+", text))
    named = (_NAMED.match(text, one.start()) for one in words if one[0].lower() in FIRST_NAMES)
    return next((one[0] for one in named if one and _is_no_body(one[0])), "")


def _is_no_body(name: str) -> bool:
    words = [word.lower() for word in re.findall(r"[A-Za-z’']+", name)]
    return not any(word in part for word in words for part in (NOT_NAMES, BODY_ENDS, _NO_NAMES))


#: Words that follow a first name in the name of a building or a body, and posts that follow a rank.
_NO_NAMES = frozenset((
    "house", "lodge", "hall", "street", "road", "partnerships", "neighbourhoods", "neighbourhood", "hospice",
    "ambulance", "investigations", "vulnerability", "custody", "intelligence", "place", "ward", "unit", "memorial",
    "lewis",
))  # fmt: skip
