"""The forms of the spine: long values flow on, identities stay hidden, sealed matters have one sheet only."""

import time
from typing import Any

import pytest

from desktop.forms.errors import FormError
from desktop.forms.form import PrintStamp
from desktop.forms.registry import FORMS
from desktop.forms.sample_readouts import CONTEXT, RECEPTION, SEALED, VISIT
from tests.forms.reading import pages_of, text_of

STAMP = PrintStamp(record="ab" * 16, number="N-1")


def printed(form: str, readout: dict[str, Any]) -> bytes:
    return FORMS[form].render(FORMS[form].from_readout(readout, CONTEXT), STAMP)


def test_a_long_visit_flows_to_further_pages_and_loses_nothing() -> None:
    households = [{"name": f"户主{index:02d}䶮", "age": 30 + index, "note": f"备注{index:02d}"} for index in range(30)]
    sentences = [f"第{index:04d}句话不可丢失，标点也要守规矩。" for index in range(280)]
    pdf = printed("visit_record", VISIT | {"households": households, "problems": "".join(sentences)})
    pages = pages_of(pdf)
    text = text_of(pdf)
    assert len(pages) > 4
    assert f"第1页共{len(pages)}页" in text
    assert text.count("走访对象") >= 2, "heads are repeated"
    assert "存在问题及困难(续)" in text or "存在问题及困难（续）" in text
    for household in households:
        assert str(household["name"]) in text
    bare = text.translate(str.maketrans("", "", "\n"))
    missing = [sentence for sentence in sentences if sentence[:7] not in bare]
    assert not missing


def test_a_long_name_wraps() -> None:
    name = "阿布都热合曼·买买提伊明·吐尔逊·托合提·艾合买提江·库尔班·依不拉音䶮𬭎㼆㙍"
    readout = RECEPTION | {"complainant": RECEPTION["complainant"] | {"name": name}}
    assert name in text_of(printed("reception_register", readout))


def test_a_masked_identity_prints_its_kind_only() -> None:
    text = text_of(printed("reception_register", RECEPTION | {"complainant": {"identity": "REAL", "masked": True}}))
    assert "实名（已隐去）" in text
    assert "周𬭎" not in text


def test_a_protected_identity_is_never_printed() -> None:
    text = text_of(printed("reception_register", RECEPTION | {"secrecy": "PROTECTED"}))
    assert "身份另册密封" in text
    for secret in ("周𬭎", "13800000000", "431021196500000000"):
        assert secret not in text


def test_the_receipt_carries_no_content_and_no_name() -> None:
    text = text_of(printed("reception_receipt", RECEPTION))
    for absent in (RECEPTION["title"], RECEPTION["claim"], "周𬭎", "雷㙍生"):
        assert absent not in text


def test_a_sealed_matter_has_its_handover_sheet_and_nothing_else() -> None:
    text = text_of(printed("sealed_handover", SEALED))
    assert "密封2026-017" in text
    with pytest.raises(FormError, match="sealed_only"):
        FORMS["reception_register"].from_readout(SEALED, CONTEXT)
    with pytest.raises(FormError, match="not_sealed"):
        FORMS["sealed_handover"].from_readout(RECEPTION, CONTEXT)


def test_a_character_no_font_has_is_refused_by_name() -> None:
    with pytest.raises(FormError) as caught:
        printed("visit_record", VISIT | {"problems": "水渠🀄"})
    assert caught.value.values["code_point"] == "U+1F004"


def test_ticks_are_found_in_the_text() -> None:
    text = text_of(printed("visit_record", VISIT))
    assert "√包村排查" in text
    assert text.count("√") == 2


def test_an_absent_answer_ticks_nothing() -> None:
    data = FORMS["visit_record"].from_readout({"started_at": "2026-11-20T09:10"}, CONTEXT)
    assert "☑" not in data.unannounced + data.mode


def test_a_form_costs_little_more_than_its_drawing() -> None:
    """Ten households more cost less than a second form: the time goes with what is drawn."""
    longer = VISIT | {"households": VISIT["households"] * 5}
    printed("visit_record", longer)

    def seconds(readout: dict[str, Any]) -> float:
        start = time.perf_counter()
        printed("visit_record", readout)
        return time.perf_counter() - start

    short = min(seconds(VISIT) for _ in range(5))
    assert min(seconds(longer) for _ in range(5)) < 3 * short
