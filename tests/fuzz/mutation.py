"""Ways to spoil bytes and MessagePack values, drawn from one seeded source of chance."""

import random
from typing import Any

import msgspec

INTERESTING = (0, -1, 1, 127, 128, 255, 1 << 31, (1 << 62) + 1, (1 << 63) - 1, -(1 << 63), (1 << 64) - 1)
TEXTS = ("", "*", "\0", "x" * 300, "张" * 70, "0" * 32, "g" * 32, "accepted", "Case", "../..", "{gap}", "\U0010ffff")
RAW = (b"\xc1", b"\xa1\x80", b"\xdd\xff\xff\xff\xff", b"\xdf\xff\xff\xff\xff", b"\xc6\xff\xff\xff\xff", b"\x91" * 2000)


def mutate_bytes(chance: random.Random, data: bytes) -> bytes:
    """A few changes: a bit, a byte, a cut, a doubling, an insertion."""
    changed = bytearray(data)
    for _ in range(chance.choice((1, 1, 1, 2, 4, 12))):
        _change_once(chance, changed)
    return bytes(changed)


def _change_once(chance: random.Random, changed: bytearray) -> None:
    place = chance.randrange(len(changed) + 1)
    way = chance.randrange(6)
    if way == 0 and place < len(changed):
        changed[place] ^= 1 << chance.randrange(8)
    elif way == 1 and place < len(changed):
        changed[place] = chance.randrange(256)
    elif way == 2:
        del changed[place:]
    elif way == 3:
        del changed[place : place + chance.randrange(1, 9)]
    elif way == 4:
        changed[place:place] = chance.choice(RAW)[:64]
    else:
        changed[place:place] = changed[place : place + chance.randrange(1, 40)]


def mutate_message(chance: random.Random, body: bytes) -> bytes:
    """A message with one value somewhere inside replaced, doubled or dropped; now and then its bytes spoiled."""
    if chance.random() < 0.25:
        return mutate_bytes(chance, body)
    value = msgspec.msgpack.decode(body)
    return msgspec.msgpack.encode(_mutate_value(chance, value))


def _mutate_value(chance: random.Random, value: Any) -> Any:
    if isinstance(value, list) and value and chance.random() < 0.85:
        return _mutate_list(chance, value)
    if isinstance(value, dict) and value and chance.random() < 0.8:
        name = chance.choice(list(value))
        return value | {name: _mutate_value(chance, value[name])}
    return _other(chance, value)


def _mutate_list(chance: random.Random, value: list[Any]) -> list[Any]:
    place = chance.randrange(len(value))
    way = chance.randrange(10)
    if way == 0:
        return value[:place] + value[place + 1 :]
    if way == 1:
        return value[:place] + [value[place]] * chance.choice((2, 3, 50)) + value[place:]
    return [*value[:place], _mutate_value(chance, value[place]), *value[place + 1 :]]


def _other(chance: random.Random, value: Any) -> Any:
    if isinstance(value, bytes) and value and chance.random() < 0.6:
        return mutate_bytes(chance, value)
    if isinstance(value, int) and chance.random() < 0.6:
        return chance.choice(INTERESTING)
    if isinstance(value, str) and chance.random() < 0.6:
        return chance.choice(TEXTS)
    choices: tuple[Any, ...] = (
        None,
        True,
        1.5,
        {},
        [],
        {"x": {"y": [1]}},
        b"",
        b"\0" * 32,
        msgspec.msgpack.Ext(3, b"e"),
    )
    return chance.choice(choices)
