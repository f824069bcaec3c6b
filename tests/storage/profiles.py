"""Stores and records for the tests of the storage."""

from pathlib import Path
from typing import Any

from desktop.paths import ProfilePaths
from desktop.storage.facts import DeviceFacts
from desktop.storage.store import Store
from sync.domain.ids import RecordId, UnitCode, new_record_id
from sync.domain.records import Case, Finding, Reception, Step, Visit

COUNTY = UnitCode("431021")
UNIT = UnitCode("431021102")
KEY = bytes(range(32))
NOW = 1_795_000_000_000


def facts(**changes: Any) -> DeviceFacts:
    values: dict[str, Any] = {
        "county": COUNTY,
        "county_name": "桂阳县",
        "unit": UNIT,
        "unit_name": "仁义镇",
        "unit_kind": "TOWN",
        "device": "d" * 32,
        "block": "A",
        "epoch": "e1",
        "roles": ("TOWN_CDI",),
        "exchange_private": b"x" * 96,
        "signing_private": b"s" * 32,
        "key_card": b"card",
        "root_fingerprint": b"r" * 32,
        "unit_identity_public": b"p" * 1216,
    }
    return DeviceFacts(**{**values, **changes})


def new_store(folder: Path, key: bytes = KEY, **changes: Any) -> Store:
    return Store.create(ProfilePaths(folder), key, facts(**changes), clock=lambda: NOW)


def open_store(folder: Path, key: bytes = KEY) -> Store:
    return Store.open(ProfilePaths(folder), key, clock=lambda: NOW)


def case(**values: Any) -> Case:
    given: dict[str, Any] = {
        "id": new_record_id(),
        "unit": UNIT,
        "created_at": NOW,
        "author": "张明",
        "source_channel": "VISIT",
        "received_at": NOW,
        "nature": "ACCUSE",
        "title": "反映村务公开不及时",
        "content": "群众反映花园村低保评议结果没有张贴。",
    }
    return Case(**{**given, **values})


def step(of: RecordId, code: str = "REGISTER", **values: Any) -> Step:
    given: dict[str, Any] = {"id": new_record_id(), "unit": UNIT, "created_at": NOW, "author": "张明", "at": NOW}
    return Step(**{**given, "case": of, "step": code, "role": "TOWN_CDI", **values})


def reception(of: RecordId | None, **values: Any) -> Reception:
    given: dict[str, Any] = {"id": new_record_id(), "unit": UNIT, "created_at": NOW, "author": "张明"}
    return Reception(**{**given, "case": of, "received_at": NOW, "contact_mode": "RECEIVE", "people": 1, **values})


def visit(**values: Any) -> Visit:
    given: dict[str, Any] = {"id": new_record_id(), "unit": UNIT, "created_at": NOW, "author": "张明"}
    return Visit(**{**given, "contact_mode": "SCREEN", "started_at": NOW, "visitors": ("张明", "李芳"), **values})


def finding(of: RecordId, **values: Any) -> Finding:
    given: dict[str, Any] = {"id": new_record_id(), "unit": UNIT, "created_at": NOW, "author": "张明"}
    return Finding(**{**given, "visit": of, "text": "水渠淤塞", **values})
