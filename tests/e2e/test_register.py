"""The register of letters moves to another computer when the first is lost: no number twice, none left out."""

from collections.abc import Iterator

from tests.e2e.county import County, Office

CLAIM = {
    "source_channel": "VISIT", "received_at": "2026-11-20T09:00", "nature": "CLAIM", "title": "请求修复灌溉水渠",
    "content": "水渠垮塌", "complainant": {"identity": "REAL", "name": "周𬭎"},
}  # fmt: skip


def issue(office: Office, case: str) -> str:
    paper = office.paper({"signer": "王镇长", "how_to_ask": "0735-1234567", "another": True})
    done = office.does("print", "acceptance_notice", case, "--in", paper, "--issue", "--out", paper.with_suffix(".pdf"))
    number: str = done.json["document"]
    return number.split("〕")[1]


def test_a_lost_first_computer_hands_the_register_on(county: County, unused_towns: Iterator[str]) -> None:
    unit = next(unused_towns)
    first = county.enrol(unit)
    second = county.enrol(unit, user="李芳")
    third = county.enrol(unit, user="王五")
    devices = {row["device"]: row for row in county.does("devices", "--json").json if row["unit"] == unit}
    by_user = {row["user"]: device for device, row in devices.items()}
    case = first.record("Case", CLAIM)["id"]
    first.does("step", case, "ACCEPT", "--in", first.paper({}))
    assert [issue(first, case), issue(first, case)] == ["1号", "2号"]
    first.exchange()
    assert issue(first, case) == "3号"  # on paper, and lost with the computer
    second.exchange()
    paper = second.paper({"signer": "王镇长"})
    refused = ("print", "acceptance_notice", case, "--in", paper, "--issue", "--out", paper.with_suffix(".pdf"))
    assert second.verb(*refused).code == 1
    assert second.verb("register", "--take", "--last", "3").code == 1
    assert county.verb("register", by_user["李芳"]).code == 1, "the first computer is not shut out"
    county.does("revoke", by_user["张明"])
    county.does("register", by_user["李芳"])
    assert county.verb("register", by_user["王五"]).code == 1, "the second keeps it now"
    second.exchange()
    third.exchange()
    assert "register --take" in second.verb(*refused).err
    assert second.verb("register", "--take", "--last", "1").code == 1, "the county knows of two"
    assert second.does("register", "--take", "--last", "3").json["last"] == 3
    assert second.verb("register", "--take", "--last", "3").code == 1
    assert issue(second, case) == "4号"
    second.exchange()
    lines = [county.show("DocumentNumber", row["id"]) for row in county.listed("DocumentNumber", unit)]
    assert sorted(line["serial"] for line in lines) == [1, 2, 3, 4]
    assert not third.does("register").json["keeps"]
    assert second.verify()["digest"] == county.verify(unit)["digest"]
