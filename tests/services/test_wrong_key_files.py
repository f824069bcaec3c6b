"""Files of recovery and of unit keys that are not the right ones: said as what they are, and nothing changed."""

from contextlib import closing
from pathlib import Path

import pytest

from desktop.app import ask_recovery, open_office, recover_office
from desktop.cli.main import main as liandong
from desktop.errors import WrongPassphrase
from desktop.services.office import Office
from sync.domain.errors import Damaged, InvalidInput, Refused
from sync.protocol.keys import generate_exchange_key
from sync.protocol.recovery import (
    RecoveryRequest,
    UnitKeyRequest,
    heard_word,
    read_recovery,
    same_code,
    seal_answer,
    seal_unit_key,
    spoken_word,
    write_recovery,
)
from tests.services.guarded import HEAD, Custodians, make_guarded
from tests.services.offices import PASSPHRASE, make_keys

NEW = "新的口令 三更 灯火"
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")


@pytest.fixture
def pair(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Two devices of a unit; the second lacks the unit's key."""
    folder, keys = tmp_path_factory.mktemp("unit"), make_keys()
    custodians = Custodians(folder / "custodians")
    first = make_guarded(folder / "first", keys, custodians)
    return first, make_guarded(folder / "second", keys, custodians, device="1" * 32, first=False)


def opened(profile: Path) -> closing[Office]:
    return closing(open_office(profile, PASSPHRASE))


def test_what_is_taken_is_looked_at_before_it_is_asked_for(pair: tuple[Path, Path]) -> None:
    first, second = pair
    request = ask_recovery(first, HEAD, NEW).file
    with opened(second) as office:
        asked = office.ask_unit_key().file
        for file, code in ((b"", "none"), (b"text\n", "none"), (b"LDRC\1", "damaged"), (request[:-1], "damaged")):
            with pytest.raises(Damaged, match=rf"recovery\.{code}"):
                office.take_unit_key(file)
        for other in (asked, request):
            with pytest.raises(Damaged, match=r"recovery\.other_kind"):
                office.take_unit_key(other)


def test_keys_that_are_none_are_refused(pair: tuple[Path, Path]) -> None:
    with opened(pair[1]) as office:
        request = read_recovery(office.ask_unit_key().file, UnitKeyRequest)
        for key in (b"", b"x" * 10, b"x" * 1000, generate_exchange_key()):
            with pytest.raises(Damaged):
                office.take_unit_key(write_recovery(seal_unit_key(request, key)))
        assert office.unit_key_state().waits


def test_a_word_that_is_none_is_refused(pair: tuple[Path, Path]) -> None:
    first, _ = pair
    request = read_recovery(ask_recovery(first, HEAD, NEW).file, RecoveryRequest)
    for word, trouble in (("词" * 9, Damaged), ("", WrongPassphrase), ("A" * 26, WrongPassphrase)):
        answer = write_recovery(seal_answer(request, word))
        with pytest.raises(trouble, match=r"recovery\.(damaged|wrong_word)"):
            recover_office(first, HEAD, NEW, answer=answer)
    with pytest.raises(WrongPassphrase, match=r"recovery\.wrong_word"):
        recover_office(first, HEAD, NEW, word=spoken_word("A" * 26))


def test_digits_may_be_typed_with_chinese_input(pair: tuple[Path, Path]) -> None:
    first, second = pair
    with opened(second) as asking, opened(first) as giving:
        asked = asking.ask_unit_key()
        with pytest.raises(Refused, match="code_differs"):
            giving.give_unit_key(asked.file, asked.code[:-1])
        given = giving.give_unit_key(asked.file, asked.code.replace(" ", "－").translate(FULL_WIDTH))
        assert given.device == asking.facts.device


def test_words_may_be_typed_with_chinese_input() -> None:
    word = "0123456789ABCDEFGHJKMNPQRS"
    typed = spoken_word(word).translate(FULL_WIDTH).replace("-", "—").replace("A", "Ａ")
    assert heard_word(typed) == word
    with pytest.raises(InvalidInput):
        heard_word("词" * 28)
    assert same_code("１２３４ 5678", "1234-5678") and not same_code("1234 567", "1234 5678")


def test_a_place_that_cannot_be_written_leaves_the_former_request_standing(
    pair: tuple[Path, Path], tmp_path: Path
) -> None:
    first, second = pair
    secret, request = tmp_path / "secret", tmp_path / "request"
    secret.write_text(PASSPHRASE + "\n", encoding="utf-8")
    sign_in = ("--profile", str(second), "--passphrase-file", str(secret))
    assert liandong(["unit-key", "ask", "--out", str(request), *sign_in]) == 0
    assert liandong(["unit-key", "ask", "--out", str(tmp_path), *sign_in]) == 1
    recovering = ("recover", "ask", "--profile", str(first), "--user", HEAD, "--new-passphrase-file", str(secret))
    assert liandong([*recovering, "--out", str(tmp_path / "asked")]) == 0
    former = (first / "recovery.pending").read_bytes()
    assert liandong([*recovering, "--out", str(tmp_path)]) == 1
    assert (first / "recovery.pending").read_bytes() == former
    with opened(second) as asking, opened(first) as giving:
        asked = read_recovery(request.read_bytes(), UnitKeyRequest)
        private = giving._desk.unlocked.secrets.unit_identity
        assert private is not None
        asking.take_unit_key(write_recovery(seal_unit_key(asked, private)))
        with pytest.raises(Refused, match=r"unit_key\.here_already"):
            asking.take_unit_key(write_recovery(seal_unit_key(asked, private)))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["asked", "request", "secret"]
