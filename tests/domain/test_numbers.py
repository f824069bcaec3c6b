"""Printed numbers: what is printed is read again, and what is mistyped is not."""

from hypothesis import given
from hypothesis import strategies as st

from sync.domain.ids import UnitCode
from sync.domain.numbers import Number, block_letters, check_digit, is_number, parse_number

numbers = st.builds(
    Number,
    st.sampled_from(("431021", "431021102", "431021XFJ")).map(UnitCode),
    st.integers(2000, 2099),
    st.integers(0, 30).map(block_letters),
    st.integers(1, 999_999_999),
)


@given(numbers)
def test_what_is_printed_is_read(number: Number) -> None:
    printed = str(number)
    assert parse_number(printed) == number and is_number(printed)
    assert parse_number(f" {printed.lower()} ") == number and not is_number(printed.lower())
    assert printed.endswith(check_digit(printed[:-2]))


@given(numbers, st.data())
def test_one_wrong_digit_is_found(number: Number, data: st.DataObject) -> None:
    printed = str(number)
    at = data.draw(st.sampled_from([at for at, sign in enumerate(printed) if sign.isdecimal()]))
    other = data.draw(st.sampled_from([digit for digit in "0123456789" if digit != printed[at]]))
    wrong = printed[:at] + other + printed[at + 1 :]
    assert parse_number(wrong) is None and not is_number(wrong)


def test_digits_of_other_scripts_are_no_number() -> None:
    printed = str(Number(UnitCode("431021102"), 2026, "A", 17))
    assert not is_number(printed.replace("2026", "２０２６")) and parse_number(printed.replace("7", "７")) is None
    assert parse_number("") is None and parse_number("-" * 9) is None
