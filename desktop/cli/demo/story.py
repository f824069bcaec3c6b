"""The demonstration from the empty folder to the summary: two towns of 桂阳县 and the county office, phase by phase."""

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import openpyxl

from desktop.app import enrol, open_office
from desktop.cli.demo import papers, proofs
from desktop.cli.demo.county import CountyCommand
from desktop.services.office import Office
from sync.domain.errors import NotAllowed

COUNTY = "431021"
FIRST, SECOND = "431021001", "431021102"
TOWN_ROLES = ("TOWN_CDI", "RECEPTION", "VILLAGE_COVER")
USERS = {COUNTY: ("何主任", "COUNTY_OFFICE"), FIRST: ("张明", "TOWN_CDI"), SECOND: ("周敏", "TOWN_CDI")}
VISITS = {FIRST: 8, SECOND: 5}
WALK_INS = {FIRST: 9, SECOND: 5}


@dataclass(slots=True)
class Story:
    """One run of the demonstration in one folder. ``say`` hears each phase with its seconds as it ends."""

    folder: Path
    county: CountyCommand
    passphrase: str
    """Of all profiles; it lies in the file ``passphrase``, because the data is made up."""
    say: Callable[[str, float], None]
    seconds: dict[str, float] = field(default_factory=dict)
    proofs: dict[str, bool] = field(default_factory=dict)
    subjects: dict[str, str] = field(default_factory=dict)
    """Which record a printed form is about, by form."""
    letters: dict[str, bytes] = field(default_factory=dict)
    """Letters that were issued, by form."""
    handed: set[str] = field(default_factory=set)
    """Cases of the first town that the county handed to the second."""
    shown: str = ""
    """The case pictured."""
    letter: str = ""
    """The case the county forwards."""

    @property
    def passphrase_file(self) -> Path:
        """The file of the passphrase."""
        return self.folder / "passphrase"

    def profile(self, unit: str) -> Path:
        """The profile of a unit."""
        return self.folder / f"town-{unit}"

    def signs_in(self, unit: str) -> tuple[str | Path, ...]:
        """The options of a verb for a unit's profile."""
        return ("--profile", self.profile(unit), "--passphrase-file", self.passphrase_file)

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        """Measure a phase and tell it."""
        began = time.monotonic()
        yield
        self.seconds[name] = round(time.monotonic() - began, 2)
        self.say(name, self.seconds[name])

    @contextmanager
    def office(self, unit: str) -> Iterator[Office]:
        """The opened profile of a unit."""
        office = open_office(self.profile(unit), self.passphrase, USERS[unit][0])
        try:
            yield office
        finally:
            office.close()


def found_county(story: Story) -> None:
    """Make the county; its first ticket waits beside it."""
    story.passphrase_file.write_text(story.passphrase + "\n", encoding="utf-8")
    story.county.init(story.folder / "office.ticket")


def enrol_all(story: Story) -> None:
    """Enrol two towns and the county office by wire; a used ticket is refused afterwards."""
    ticket_file = story.folder / "office.ticket"
    _enrol(story, COUNTY, ticket_file.read_bytes())
    for unit in (FIRST, SECOND):
        ticket = story.county.ticket(unit, TOWN_ROLES, story.folder / f"{unit}.ticket")
        _enrol(story, unit, ticket)
    words = ("init", "--ticket", ticket_file, "--user", "李四", "--role", "COUNTY_OFFICE")
    stranger = ("--profile", story.folder / "stranger", "--passphrase-file", story.passphrase_file)
    story.proofs["used_ticket_refused"] = proofs.is_refused(*words, *stranger)
    ticket_file.unlink()
    shutil.rmtree(story.folder / "stranger", ignore_errors=True)


def _enrol(story: Story, unit: str, ticket: bytes) -> None:
    user, role = USERS[unit]
    enrol(story.profile(unit), ticket, user, role, story.passphrase).close()


def record_offline(story: Story) -> None:
    """Visits and walk-ins of both towns while no server runs, one finding made a case, and a letter at the county."""
    for unit in (FIRST, SECOND):
        with story.office(unit) as office:
            saved = [office.record("Visit", visit) for visit in papers.visits(unit, VISITS[unit])]
            desk = [office.record("Reception", paper) for paper in papers.walk_ins(WALK_INS[unit], start=len(unit) % 3)]
            sealed = office.record("Reception", papers.sealed_stub())
            if unit == FIRST:
                story.subjects |= {"visit_record": saved[0].id, "stay_summary": saved[1].id}
                story.subjects |= {"reception_register": desk[1].id, "reception_receipt": desk[1].id}
                story.shown = desk[0].case.id if desk[0].case else ""
                story.subjects |= {"sealed_handover": sealed.id}
                make_case_of_finding(office, saved[0].id)
    with story.office(COUNTY) as office:
        story.letter = office.record("Case", papers.letter()).id


def make_case_of_finding(office: Office, visit: str) -> None:
    """Turn the clue a visit found into a case."""
    clue = next(one for one in office.show("Visit", visit)["findings"] if one["outcome"] == "CLUE")
    case = {
        "source_channel": "VILLAGE_VISIT",
        "received_at": "2026-11-21T09:00",
        "nature": "ACCUSE",
        "title": "走访发现：机耕道工程以次充好",
        "content": clue["text"],
        "complainant": {"identity": "ANON"},
    }
    saved = office.record("Case", case)
    office.correct("Finding", clue["id"], {"outcome": "CASE", "case": saved.id})


def survive_kills(story: Story) -> None:
    """Kill the verb ``record`` while it works; try a wrong passphrase."""
    village = papers.villages_of(SECOND)[0]
    held = proofs.survives_kills(story.profile(SECOND), story.passphrase_file, village)
    story.proofs["kills_lose_and_double_nothing"] = held
    wrong = story.folder / "wrong"
    wrong.write_text("错误的口令\n", encoding="utf-8")
    words = ("list", "Case", "--profile", story.profile(FIRST), "--passphrase-file", wrong)
    story.proofs["wrong_passphrase_refused"] = proofs.is_refused(*words)
    wrong.unlink()


def import_spreadsheet(story: Story) -> None:
    """Import a made-up workbook into the first town, twice; the second run adds nothing."""
    book, mapping = story.folder / "messages.xlsx", story.folder / "map.toml"
    write_workbook(book)
    mapping.write_text(papers.MAP, encoding="utf-8")
    with story.office(FIRST) as office:
        first = office.import_file(book, mapping)
        again = office.import_file(book, mapping)
    book.unlink()
    mapping.unlink()
    once = (first.imported, len(first.rejects), again.imported) == (papers.IMPORTED, 1, 0)
    story.proofs["import_adds_once"] = once


def write_workbook(path: Path) -> None:
    """The made-up workbook."""
    book = openpyxl.Workbook()
    for row in papers.spreadsheet_rows():
        book.worksheets[0].append(row)
    book.save(path)


def exchange_all(story: Story) -> None:
    """Towns and county exchange; the county forwards its letter to the second town, and it arrives there."""
    for unit in (FIRST, SECOND, COUNTY):
        exchange(story, unit)
    letter = story.letter
    with story.office(COUNTY) as office:
        office.step(letter, "FORWARD", {"to_unit": SECOND, "method": "FORWARD", "note": "请依职权办理并答复。"})
    for unit in (COUNTY, SECOND):
        exchange(story, unit)
    with story.office(SECOND) as office:
        trail = [step["step"] for step in office.show("Case", letter)["trail"]]
        office.step(letter, "RECEIVE", {})
    story.proofs["forwarded_case_arrives_whole"] = trail == ["REGISTER", "FORWARD"]
    for unit in (SECOND, FIRST, COUNTY):
        exchange(story, unit)


def exchange(story: Story, unit: str) -> None:
    """One exchange of a unit."""
    with story.office(unit) as office:
        office.exchange(lambda _: None, lambda: False)


def prove_visibility(story: Story) -> None:
    """The second town sees of the first what was handed to it; a protected complainant only the county opens."""
    with story.office(FIRST) as office:
        own = {row.id for row in office.list_page("Case", limit=500).rows}
        protected = next(case for case in own if office.show("Case", case).get("secrecy") == "PROTECTED")
        closed = not _opens(office, protected)
    with story.office(SECOND) as office:
        others = {row.id for row in office.list_page("Case", limit=500).rows}
    with story.office(COUNTY) as office:
        opened = _opens(office, protected)
    story.proofs["other_town_sees_nothing"] = own & others == story.handed
    story.proofs["protected_open_to_county_only"] = closed and opened


def _opens(office: Office, case: str) -> bool:
    try:
        shown = office.show("Case", case, identity=True, reason="核实情况")
    except NotAllowed:
        return False
    return "phone" in shown["complainant"]


def prove_secrecy(story: Story) -> None:
    """Look into every file of profiles and county for clear text."""
    folders = [story.county.home, *(story.profile(unit) for unit in USERS)]
    story.proofs["no_clear_text_in_files"] = proofs.files_with_clear_text(folders) == []


def verify_all(story: Story) -> list[dict[str, Any]]:
    """Both sides' proof for every unit."""
    units = []
    for unit in (FIRST, SECOND, COUNTY):
        with story.office(unit) as office:
            township = office.verify()
        county = story.county.ask("verify", "--unit", unit)
        same = (township["digest"], township["records"]) == (county["digest"], county["records"])
        story.proofs[f"equal_digests_{unit}"] = same and township["unsent"] == 0
        units.append({"unit": unit, "township": township, "county": county})
    return units
