"""What a device with a key of its own may do to a change before it signs it: each way spoils one thing with sense."""

import random
from collections.abc import Callable
from typing import Any

import msgspec

from sync.domain.records import KINDS
from tests.fuzz.corpus import OPERATION_FIELDS, Known, Plain, new_id
from tests.fuzz.mutation import mutate_bytes

_DEEP = msgspec.Raw(b"\x91" * 1500 + b"\xc0")
_SURROGATE = msgspec.Raw(b"\xa3\xed\xa0\x80")
_BAD_UTF8 = msgspec.Raw(b"\xa4\xff\xfe\xc3\x28")
_FLOATS = (float("nan"), float("inf"), 1e308, -0.0)
INTEGERS = (0, -1, 1, 1 << 31, 1 << 40, (1 << 53) + 1, (1 << 62) + 1, (1 << 63) - 1, -(1 << 63), (1 << 64) - 1)
TEXTS = (
    "", "\0", "a\0b", "*", "x" * 5_000, "张" * 300, "../../etc/passwd", "'; DROP TABLE record; --", "{gap}", "%s%n",
    "\u202e\u200b", "\U0010ffff", "\ufeff", "0" * 32, "g" * 32, "A" * 32, "9999-99-99", "2026-02-30", "-1-01-01",
    "Case", "Quarantine", "431021", "431021001", "431021002", "431099999", "accepted", "None", "null", "true",
    "\r\n\t", "é" * 64,
)  # fmt: skip
KIND_NAMES = (*KINDS, "", "NewKind", "case", "Case ", "\0", "x" * 65, "__class__", "record")
STEPS = ("REGISTER", "FORWARD", "RETURN", "WITHDRAW", "CLOSE", "APPROVE", "NEW_STEP", "", "register", "\0", "RECEIVE")
ROLES = ("TOWN_OFFICE", "COUNTY_OFFICE", "COUNTY_ADMIN", "RECEPTION", "TOWN_CDI", "", "root", "\0", "x" * 100)

Way = Callable[[random.Random, Plain, Known], None]


def nasty_value(chance: random.Random, known: Known) -> Any:
    """Something that fits no field, or fits and means harm."""
    way = chance.randrange(12)
    if way < 3:
        return chance.choice(TEXTS)
    if way < 5:
        return chance.choice(INTEGERS)
    if way == 5:
        return chance.choice((None, True, False, {}, [], b"", b"\0" * 32, *_FLOATS))
    if way == 6:
        return chance.choice(
            (_DEEP, _SURROGATE, _BAD_UTF8, msgspec.msgpack.Ext(5, b"e"), {1: 2}, {"a": {"b": {"c": 1}}})
        )
    if way == 7:
        return [chance.choice(TEXTS)[:64]] * chance.choice((1, 3, 500))
    if way == 8:
        return [{"name": chance.choice(TEXTS), "age": chance.choice(INTEGERS)}]
    if way == 9 and known.foreign:
        return chance.choice(known.foreign)[chance.choice((1, 2))]
    if way == 10:
        return chance.choice(known.units)
    return chance.randbytes(chance.choice((1, 12, 64, 2_000)))


def _spoil_field(chance: random.Random, change: Plain, known: Known) -> None:
    fields = _some_fields(chance, change)
    if fields:
        fields[chance.choice(list(fields))] = nasty_value(chance, known)


def _spoil_many_fields(chance: random.Random, change: Plain, known: Known) -> None:
    fields = _some_fields(chance, change)
    for name in fields:
        if chance.random() < 0.4:
            fields[name] = nasty_value(chance, known)


def _drop_field(chance: random.Random, change: Plain, _: Known) -> None:
    fields = _some_fields(chance, change)
    if fields:
        del fields[chance.choice(list(fields))]


def _unknown_field(chance: random.Random, change: Plain, known: Known) -> None:
    name = chance.choice(("later", "", "\0", "id", "revision", "__dict__", "x" * 200, "kind", "self", "dossier"))
    _some_fields(chance, change)[name] = nasty_value(chance, known)


def _other_unit(chance: random.Random, change: Plain, known: Known) -> None:
    _some_fields(chance, change)["unit"] = chance.choice(known.units)


def _other_step(chance: random.Random, change: Plain, known: Known) -> None:
    fields = _some_fields(chance, change)
    fields["step"] = chance.choice(STEPS)
    if chance.random() < 0.5:
        fields["to_unit"] = chance.choice(known.units)


def _foreign_record(chance: random.Random, change: Plain, known: Known) -> None:
    """Write to a record of another unit, as its own kind or as another."""
    if not known.foreign:
        return
    kind, record, dossier, revision = chance.choice(known.foreign)
    operation = chance.choice(change[10])
    way = chance.randrange(4)
    if way == 0:
        operation[0], operation[1], operation[2], operation[4] = kind, record, dossier, revision
        operation[5] = chance.random() < 0.3
    elif way == 1:
        operation[2] = dossier
    elif way == 2:
        operation[1] = record
    else:
        operation[OPERATION_FIELDS] = {**_fields(operation), "case": dossier, "target": record, "about": record}


def _foreign_void(chance: random.Random, change: Plain, known: Known) -> None:
    if known.foreign:
        kind, record, dossier, _ = chance.choice(known.foreign)
        own = chance.choice(known.own)[2] if known.own and chance.random() < 0.7 else dossier
        fields = {
            "author": "",
            "created_at": 1,
            "reason": "无",
            "target": record,
            "target_kind": kind,
            "unit": change[4],
        }
        change[10].append(["Void", new_id(chance), own, "A", 0, True, fields])


def _other_kind(chance: random.Random, change: Plain, _: Known) -> None:
    chance.choice(change[10])[0] = chance.choice(KIND_NAMES)


def _other_place(chance: random.Random, change: Plain, known: Known) -> None:
    """Any value of the operation but its fields."""
    operation = chance.choice(change[10])
    place = chance.randrange(OPERATION_FIELDS)
    good: tuple[Any, ...] = (
        chance.choice(KIND_NAMES),
        new_id(chance),
        new_id(chance),
        "C",
        chance.choice(INTEGERS),
        True,
    )
    operation[place] = good[place] if chance.random() < 0.6 else nasty_value(chance, known)


def _flip_creates(chance: random.Random, change: Plain, _: Known) -> None:
    operation = chance.choice(change[10])
    operation[5] = not operation[5]
    operation[4] = chance.choice(INTEGERS)


def _double(chance: random.Random, change: Plain, _: Known) -> None:
    operations = change[10]
    operations.extend(list(chance.choice(operations)) for _ in range(chance.choice((1, 2, 30))))
    chance.shuffle(operations)


def _other_order(chance: random.Random, change: Plain, _: Known) -> None:
    way = chance.randrange(3)
    if way == 0:
        change[10].reverse()
    elif way == 1:
        change[10] = []
    else:
        change[10] = [[]] if chance.random() < 0.3 else change[10][:1]


def _forged_author(chance: random.Random, change: Plain, known: Known) -> None:
    place = chance.choice((5, 6, 6, 7, 8, 9))
    values: dict[int, Any] = {5: chance.choice(TEXTS), 6: chance.choice(ROLES)}
    change[place] = values.get(place, chance.choice(INTEGERS)) if chance.random() < 0.7 else nasty_value(chance, known)


def _forged_sender(chance: random.Random, change: Plain, known: Known) -> None:
    if chance.random() < 0.5:
        change[1] = new_id(chance)
    else:
        change[4] = chance.choice(known.units)


def _out_of_turn(chance: random.Random, change: Plain, _: Known) -> None:
    if chance.random() < 0.5:
        change[2] = chance.choice((change[2] + 1, change[2] - 1, 1, *INTEGERS))
    else:
        change[3] = chance.choice((bytes(32), b"", chance.randbytes(32), chance.randbytes(33)))


def _other_id(chance: random.Random, change: Plain, known: Known) -> None:
    way = chance.randrange(3)
    if way == 0 and known.sent:
        change[0] = chance.choice(known.sent)
    else:
        change[0] = chance.choice(("0" * 32, "", "g" * 32, "A" * 32, new_id(chance)[:31], "\0" * 32))


def _shape(chance: random.Random, change: Plain, _: Known) -> None:
    way = chance.randrange(3)
    if way == 0:
        del change[chance.randrange(len(change))]
    elif way == 1:
        change.append(chance.choice((None, 1, "x", [])))
    else:
        operation = chance.choice(change[10])
        operation.append(1) if chance.random() < 0.5 else operation.pop()


WAYS: tuple[tuple[Way, int], ...] = (
    (_spoil_field, 26), (_spoil_many_fields, 8), (_drop_field, 6), (_unknown_field, 5), (_other_unit, 5),
    (_other_step, 8), (_foreign_record, 10), (_foreign_void, 4), (_other_kind, 5), (_other_place, 5),
    (_flip_creates, 4), (_double, 3), (_other_order, 2), (_forged_author, 4), (_forged_sender, 2),
    (_out_of_turn, 1), (_other_id, 1),
    (_shape, 2),
)  # fmt: skip
_CHOICES = [way for way, _ in WAYS]
_WEIGHTS = [weight for _, weight in WAYS]
SPOILED_BYTES = 0.06
MOST_BYTES = 256 * 1024
"""Of one change here; that more than a request may hold is refused is tried at the doors."""


def spoil(chance: random.Random, change: Plain, known: Known) -> bytes:
    """The change spoiled in one to three ways, encoded as it then is."""
    for way in chance.choices(_CHOICES, _WEIGHTS, k=chance.choice((1, 1, 1, 2, 3))):
        if len(change) < 11 or not isinstance(change[10], list) or not change[10] or not all(map(_whole, change[10])):
            break
        way(chance, change, known)
    body = msgspec.msgpack.encode(change)
    if len(body) > MOST_BYTES:
        body = body[:MOST_BYTES]
    return mutate_bytes(chance, body) if chance.random() < SPOILED_BYTES else body


def _whole(operation: Any) -> bool:
    return isinstance(operation, list) and len(operation) > OPERATION_FIELDS


def _some_fields(chance: random.Random, change: Plain) -> dict[str, Any]:
    return _fields(chance.choice(change[10]))


def _fields(operation: list[Any]) -> dict[str, Any]:
    fields: dict[str, Any] = operation[OPERATION_FIELDS]
    return fields
