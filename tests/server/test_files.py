"""Carried files, backups and custodians."""

from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import text

from sync.client.enrolment import begin_enrolment, carry_enrolment, take_carried_enrolment
from sync.domain.errors import Damaged, Refused
from sync.protocol import limits
from sync.protocol.carried import CarriedKind, read_carried, write_carried
from sync.protocol.keys import exchange_public, generate_exchange_key
from sync.protocol.ticket import decode_ticket
from sync.server.accept import accept_files
from sync.server.backup import restore_backup, write_backup
from sync.server.county import County, now_ms
from sync.server.custodians import read_share, recover_identity, write_shares
from sync.server.tickets import TicketOrder, make_ticket
from sync.server.verifying import verify_county
from tests.server.devices import Device


def test_one_round_by_stick_reaches_the_head(county: County, town: Device, tmp_path: Path) -> None:
    case, change = town.register()
    request = town.request(change, want=-1)
    carried = tmp_path / "out.liandong"
    carried.write_bytes(write_carried(CarriedKind.EXCHANGE_REQUEST, county.code, [request]))
    accepted = accept_files(county, [carried], tmp_path / "back.liandong")[0]
    assert (accepted.outcomes, accepted.needs_person) == ({"accepted": 1}, False)
    for envelope in read_carried((tmp_path / "back.liandong").read_bytes()).envelopes:
        town.take(request, envelope)
    assert ("Case", case.id) in town.records
    assert town.agrees()


@pytest.mark.parametrize("want", [0, 1])
@pytest.mark.parametrize("epoch", ["", "1600000000000-of-before"])
def test_whatever_a_stick_asks_for_it_ends_at_the_head(
    county: County, town: Device, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, want: int, epoch: str
) -> None:
    for _ in range(2):
        town.send(*[town.register()[1] for _ in range(3)])
    monkeypatch.setattr(limits, "ANSWER_BYTES_PER_PAGE", 2_000)
    town.enrolled = replace(town.enrolled, epoch=epoch or town.enrolled.epoch)
    town.position = 0
    request = town.request(want=want)
    carried = tmp_path / "out"
    carried.write_bytes(write_carried(CarriedKind.EXCHANGE_REQUEST, county.code, [request]))
    accept_files(county, [carried], tmp_path / "back")
    for envelope in read_carried((tmp_path / "back").read_bytes()).envelopes:
        town.take(request, envelope)
    assert town.agrees()


def test_sticks_with_one_file_name_get_answers_of_their_own(county: County, town: Device, tmp_path: Path) -> None:
    _, change = town.register()
    carried = write_carried(CarriedKind.EXCHANGE_REQUEST, county.code, [town.request(change, want=-1)])
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "out").write_bytes(carried)
    (tmp_path / "answers").mkdir()
    first, second = accept_files(county, [tmp_path / "one" / "out", tmp_path / "two" / "out"], tmp_path / "answers")
    assert [path.name for path in (*first.answers, *second.answers)] == ["out.answer", "out-2.answer"]
    assert (first.state, second.state, first.code == second.code) == ("accepted", "repeat", True)


def test_a_device_joins_by_files_alone(county: County, tmp_path: Path) -> None:
    ticket = decode_ticket(make_ticket(county, TicketOrder("431021105", ("TOWN_OFFICE",)), now_ms()))
    pending = begin_enrolment(ticket, "李芳", "TOWN_OFFICE", exchange_public(generate_exchange_key()), now_ms())
    (tmp_path / "ask").write_bytes(carry_enrolment(pending))
    accept_files(county, [tmp_path / "ask"], tmp_path / "answer")
    assert take_carried_enrolment(pending, (tmp_path / "answer").read_bytes()).unit == "431021105"


def test_an_answer_never_goes_over_a_file(county: County, town: Device, tmp_path: Path) -> None:
    carried = tmp_path / "out"
    carried.write_bytes(write_carried(CarriedKind.EXCHANGE_REQUEST, county.code, [town.request()]))
    with pytest.raises(Refused, match=r"county\.file_exists"):
        accept_files(county, [carried], carried)


def test_a_backup_brings_everything_back_under_a_new_epoch(county: County, town: Device, tmp_path: Path) -> None:
    town.send(town.register()[1])
    before = verify_county(county, town.unit)[0]
    write_backup(county, tmp_path / "backup")
    town.send(town.register()[1])
    restore_backup(county, tmp_path / "backup")
    after = verify_county(county, town.unit)[0]
    assert (after["digest"], after["records"], after["store"]) == (before["digest"], before["records"], "ok")
    assert after["epoch"] > before["epoch"]
    answer = town.send()
    assert (answer.from_position, answer.unbroken) == (0, 1)
    restore_backup(county, tmp_path / "backup")
    assert verify_county(county, town.unit)[0]["epoch"] > after["epoch"]


def test_a_spoiled_backup_changes_nothing(county: County, town: Device, tmp_path: Path) -> None:
    write_backup(county, tmp_path / "backup")
    spoiled = bytearray((tmp_path / "backup").read_bytes())
    spoiled[len(spoiled) // 2] ^= 1
    (tmp_path / "spoiled").write_bytes(spoiled)
    (tmp_path / "short").write_bytes(spoiled[: len(spoiled) // 3])
    epoch = verify_county(county, town.unit)[0]["epoch"]
    for name in ("spoiled", "short"):
        with pytest.raises(Damaged, match=r"county\.backup_damaged"):
            restore_backup(county, tmp_path / name)
    assert verify_county(county, town.unit)[0]["epoch"] == epoch


def test_any_two_custodians_recover_the_identity_key(tmp_path: Path) -> None:
    secret = generate_exchange_key()
    assert len(write_shares(tmp_path / "shares", 3, secret, "431021")) == 3
    shares = [read_share(tmp_path / "shares" / f"custodian-{number}.recovery") for number in (1, 2, 3)]
    assert recover_identity(shares[2], shares[0]) == secret
    with pytest.raises(Damaged):
        recover_identity(shares[0], msgspec.structs.replace(shares[0], custodian=2))


def test_a_body_in_another_records_place_does_not_open(county: County, town: Device, tmp_path: Path) -> None:
    (one, first), (two, second) = town.register(), town.register()
    town.send(first, second)
    write_backup(county, tmp_path / "sound")
    swap = text(
        "UPDATE record SET body = (SELECT body FROM record r WHERE r.kind = 'Case' AND r.id = :other)"
        " WHERE kind = 'Case' AND id = :id"
    )
    with county.engine.begin() as connection:
        connection.execute(swap, {"id": one.id, "other": two.id})
    assert verify_county(county, town.unit)[0]["store"] == f"Case {one.id}"
    restore_backup(county, tmp_path / "sound")
    assert verify_county(county, town.unit)[0]["store"] == "ok"


def test_what_a_killed_backup_left_is_cleared_by_the_next(county: County, tmp_path: Path) -> None:
    (tmp_path / ".sunday.0123abcd.backup-new").write_bytes(b"sealed")
    write_backup(county, tmp_path / "monday")
    assert [path.name for path in tmp_path.iterdir()] == ["monday"]
