"""The chapter of the loop: an accusation and a claim go from one town by the county to another, until both are closed.

Both walk at once, so that each office is opened and each exchange made only once.
"""

from dataclasses import dataclass
from typing import Any

from desktop.cli.demo.papers import person
from desktop.cli.demo.story import COUNTY, FIRST, SECOND, Story, exchange
from desktop.services.office import Office

Acts = tuple[tuple[str, dict[str, Any]], ...]

ACCUSATION: dict[str, Any] = {
    "received_at": "2026-11-23T09:30",
    "place": "信访接待室",
    "people": 1,
    "first_repeat": "FIRST",
    "nature": "ACCUSE",
    "title": "反映村干部虚报沟渠清淤工时",
    "content": "今年三月至五月的清淤工时表与实际出工人数不符，多报工时的补助去向不明。",
    "receiver": "张明",
    "complainant": {"identity": "REAL", "name": "龚春生", "phone": "13907354301"},
    "accused": [{"name": person(3), "unit": "村民委员会", "post": "村委会委员", "managed_by": "VILLAGE"}],
}
CLAIM: dict[str, Any] = {
    **ACCUSATION,
    "received_at": "2026-11-23T10:20",
    "nature": "CLAIM",
    "title": "请求补发公益林管护补助",
    "content": "公益林管护补助两年未到账，多次询问没有结果。",
    "claim": "查明原因并补发两年补助。",
    "complainant": {"identity": "REAL", "name": "龚桂花", "phone": "13907354302"},
    "accused": [],
}
UP: Acts = (("FORWARD", {"to_unit": COUNTY, "method": "REPORT", "note": "请县里统筹。"}),)
SENT: Acts = (
    ("RECEIVE", {}),
    ("CLASSIFY", {"route": "SENSITIVE", "clearing": "LIMITED"}),
    ("ASSIGN", {"to_unit": SECOND, "method": "ASSIGN", "until": "2027-02-20", "note": "请逐项核实并报结果。"}),
)
TOLD: Acts = (("NOTICE", {"told": "电话", "note": "愿意配合核实。"}),)
CHECKED: Acts = (
    ("RECEIVE", {"to_person": "周敏"}),
    ("START", {}),
    ("DISPOSE", {"disposition": "PRELIM"}),
    ("RESULT", {"result": "PARTLY", "note": "多报十二个工时，已责令退还。"}),
    ("CLOSE", {}),
)
ACCEPTED: Acts = (("RECEIVE", {}), ("ACCEPT", {}), ("ACCEPT_NOTICE", {"told": "当面送达"}), ("START", {}))
ANSWERED: Acts = (
    ("RESULT", {"result": "TRUE", "claim_outcome": "SUPPORT", "note": "两年补助因账号有误未发。"}),
    ("ANSWER", {"told": "当面送达", "note": "十二月底前补发到户。"}),
)
RATED: Acts = (("REVISIT", {"told": "上门"}), ("RATE", {"satisfaction": "SATISFIED"}), ("CLOSE", {}))


@dataclass(slots=True)
class _Pair:
    accusation: str
    claim: str


def walk_loop(story: Story) -> None:
    """Receipt, forwarding, handling, answer, revisit, rating, closing; both sides must tell the same at the end."""
    pair = _receive(story)
    story.handed |= {pair.accusation, pair.claim}
    _dispatch(story, pair)
    _handle(story, pair)
    with story.office(COUNTY) as office:
        office.exchange()
        office.step(pair.accusation, "FEEDBACK", {"told": "当面", "objection": "NONE"})
        office.exchange()
    exchange(story, FIRST)
    with story.office(FIRST) as office:
        for name, case in (("accusation", pair.accusation), ("claim", pair.claim)):
            shown = office.show("Case", case)
            whole = all(step["effective"] for step in shown["trail"])
            story.proofs[f"{name}_struck_off"] = whole and shown["status"] == "CLOSED"


def _receive(story: Story) -> _Pair:
    with story.office(FIRST) as office:
        saved = [office.record("Reception", paper) for paper in (ACCUSATION, CLAIM)]
        pair = _Pair(*(one.case.id for one in saved if one.case is not None))
        talk = {
            "interview_kind": "RECEPTION",
            "started_at": "2026-11-23T10:30",
            "ended_at": "2026-11-23T11:05",
            "place": "信访接待室",
            "interviewers": ["张明", "李芳"],
            "recorder": "李芳",
            "questions": [{"question": "补助从哪一年起没有到账?", "answer": "前年春天起，存折上没有入账。"}],
        }
        story.subjects["interview_record"] = office.record("Interview", {**talk, "reception": saved[1].id}).id
        for case in (pair.accusation, pair.claim):
            _take(office, case, UP)
        office.exchange()
    return pair


def _dispatch(story: Story, pair: _Pair) -> None:
    with story.office(COUNTY) as office:
        office.exchange()
        for case in (pair.accusation, pair.claim):
            _take(office, case, SENT)
        _take(office, pair.accusation, TOLD)
        letter = office.print_form("transfer_letter", pair.claim, paper={"signer": "何主任"}, issue=True)
        office.exchange()
    story.letters["transfer_letter"] = letter.pdf


def _handle(story: Story, pair: _Pair) -> None:
    with story.office(SECOND) as office:
        office.exchange()
        _take(office, pair.accusation, CHECKED)
        _take(office, pair.claim, ACCEPTED)
        _issue(story, office, "acceptance_notice", pair.claim)
        _take(office, pair.claim, ANSWERED)
        _issue(story, office, "answer_letter", pair.claim)
        _look_again(story, office, pair.claim)
        _take(office, pair.claim, RATED)
        office.exchange()


def _issue(story: Story, office: Office, form: str, case: str) -> None:
    paper = {"signer": "王镇长", "organ": "仁义镇人民政府"}
    story.letters[form] = office.print_form(form, case, paper=paper, issue=True).pdf


def _look_again(story: Story, office: Office, case: str) -> None:
    """The return visit and the satisfaction sheet that was handed back."""
    visit = {
        "case": case,
        "visited_at": "2026-11-27T09:20",
        "contact_mode": "RETURN",
        "staff": ["周敏", "何俊"],
        "answer_received": True,
        "promise_kept": True,
        "manner": "SATISFIED",
        "satisfaction": "SATISFIED",
        "rework": False,
    }
    story.subjects["revisit_record"] = office.record("ReturnVisit", visit).id
    ticks = dict.fromkeys(("timely", "manner", "lawful", "open", "result"), True)
    rating = {"case": case, "rated_at": "2026-11-27T10:00", "overall": "SATISFIED", **ticks}
    story.subjects["satisfaction_form"] = office.record("Rating", rating).id


def _take(office: Office, case: str, acts: Acts) -> None:
    for step, values in acts:
        office.step(case, step, values)
