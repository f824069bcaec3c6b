"""What ``show`` prints."""

from typing import Any

from sync.domain.ids import RecordId, UnitCode, new_record_id
from sync.domain.readout import ReadContext, read_out
from sync.domain.records import (
    Accused,
    Case,
    Complainant,
    Correction,
    Finding,
    Household,
    Identity,
    Reception,
    Record,
    Stored,
    Visit,
    Void,
)
from tests.domain.trails import CASE, COUNTY, START, TOWN, step

MADE: dict[str, Any] = {"unit": TOWN, "created_at": START, "author": "张明"}


def in_dossier(dossier: RecordId, *records: Record) -> tuple[Stored, ...]:
    return tuple(Stored(record, dossier, revision) for revision, record in enumerate(records, 1))


def new(kind: Any, **values: Any) -> Any:
    return kind(**{"id": new_record_id(), **MADE, **values})


def case_dossier() -> tuple[Stored, ...]:
    return in_dossier(
        CASE,
        new(Case, id=CASE, number="N1", source_channel="VISIT", received_at=START, title="修路占地", identity="REAL"),
        new(Reception, number="N1", case=CASE, received_at=START, people=1, receiver="张明"),
        new(Complainant, case=CASE, key=new_record_id(), suite="1", cipher=b"\0"),
        new(Accused, case=CASE, name="某人", workplace="某村", managed_by="VILLAGE"),
        step("REGISTER", TOWN, None).record,
    )


def test_a_visit_shows_households_and_findings_as_they_were_given() -> None:
    visit = new(
        Visit,
        contact_mode="SCREEN",
        started_at=START,
        visitors=("张明", "李芳"),
        unannounced=False,
        households=(Household(name="王家", age=56),),
    )
    finding = new(Finding, visit=visit.id, text="路灯不亮", outcome="FOLLOW", due="2026-12-01")
    gone = new(Finding, visit=visit.id, text="重复")
    void = new(Void, target_kind="Finding", target=gone.id, reason="重复登记")
    records = in_dossier(visit.id, visit, finding, gone, void)
    shown = read_out(records[0], records, ReadContext(COUNTY))
    assert shown["started_at"] == "2026-11-18T19:06:40"
    assert shown["visitors"] == ["张明", "李芳"]
    assert shown["unannounced"] is False
    assert shown["households"] == [{"name": "王家", "age": 56}]
    assert shown["findings"] == [{"id": finding.id, "text": "路灯不亮", "outcome": "FOLLOW", "due": "2026-12-01"}]
    assert shown["voided"] is None


def test_a_reception_shows_its_case_and_masks_who_complained() -> None:
    records = case_dossier()
    shown = read_out(records[1], records, ReadContext(COUNTY))
    assert shown["title"] == "修路占地"
    assert shown["case"] == {"id": CASE, "number": "N1", "status": "REGISTERED", "holder": TOWN}
    assert shown["complainant"] == {"identity": "REAL", "masked": True}
    assert [(one["name"], one["unit"], one["managed_by"]) for one in shown["accused"]] == [("某人", "某村", "VILLAGE")]
    assert "cipher" not in str(shown)


def test_an_opened_identity_is_shown_whole() -> None:
    records = case_dossier()
    identity = Identity(identity="REAL", name="䶮某", age=61)
    shown = read_out(records[0], records, ReadContext(COUNTY, {records[2].record.id: identity}))
    assert shown["complainant"] == {"identity": "REAL", "name": "䶮某", "age": 61}
    assert (shown["status"], shown["holder"]) == ("REGISTERED", TOWN)
    assert [(line["step"], line["effective"]) for line in shown["trail"]] == [("REGISTER", True)]


def test_corrections_and_void_stay_readable() -> None:
    records = case_dossier()
    corrected = new(Correction, target_kind="Case", target=CASE, field="title", old='"旧"', new='"修路占地"')
    void = new(Void, target_kind="Case", target=CASE, reason="误登")
    more = (*records, *in_dossier(CASE, corrected, void))
    shown = read_out(records[0], more, ReadContext(COUNTY))
    assert shown["voided"]["reason"] == "误登"
    assert [(one["field"], one["old"], one["author"]) for one in shown["corrections"]] == [("title", '"旧"', "张明")]


def test_a_sealed_stub_shows_nothing_but_itself() -> None:
    stub = new(Reception, received_at=START, secrecy="SEALED", envelope_number="7", handed_to="李芳", number="N2")
    records = in_dossier(stub.id, stub)
    shown = read_out(records[0], records, ReadContext(UnitCode("431021")))
    assert set(shown) == {
        "kind",
        "id",
        "unit",
        "created_at",
        "author",
        "number",
        "received_at",
        "secrecy",
        "envelope_number",
        "handed_to",
        "voided",
        "corrections",
    }
