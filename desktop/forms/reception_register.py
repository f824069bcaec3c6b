"""Form 2, 来访登记表: one walk-in, who came, about whom and what, and where it goes."""

from dataclasses import dataclass, field

from desktop.forms.accused import AccusedLine, accused_section, read_accused
from desktop.forms.complainant import Person, read_person
from desktop.forms.errors import FormError
from desktop.forms.form import Form
from desktop.forms.sheet import tick
from desktop.forms.table import Row, Section, label, signed, tall, value
from desktop.forms.table_form import TableForm
from desktop.forms.values import (
    BLANK_MOMENT,
    PrintContext,
    Readout,
    code,
    joined,
    labelled,
    moment,
    options,
    place,
    text,
    ticks,
)

_MODES = ("RECEIVE", "APPOINT", "HOUSE", "RETURN", "GO_DOWN", "PHONE")
_FORMS = ("SINGLE", "GROUP", "SKIP")
_GROUP_FROM = 5
_CONFIRMED = "以上登记内容经本人核对无误。"
_DECLINED = "来访人拒绝签名"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceptionRegister:
    """The printable values of a reception with its case; the defaults are a blank sheet."""

    unit: str = ""
    number: str = ""
    time: str = BLANK_MOMENT
    place: str = ""
    mode: str = options("contact_mode", only=_MODES)
    person: Person = field(default_factory=Person)
    people: str = ""
    representatives: str = ""
    first_repeat: str = options("first_repeat")
    visit_form: str = ticks("visit_form", (), only=_FORMS)
    told_before: str = ""
    told_result: str = ""
    accused: tuple[AccusedLine, ...] = ()
    nature: str = options("nature")
    kind: str = ""
    village: str = ""
    title: str = ""
    content: str = ""
    claim: str = ""
    materials: str = ""
    receiver: str = ""
    urgency: str = options("urgency")
    proposal: str = ""
    leader_note: str = ""
    went_to: str = ""
    declined: str = tick(False, _DECLINED)
    agent: str = ""
    remark: str = ""


def read_register(readout: Readout, context: PrintContext) -> ReceptionRegister:
    """The values of a Reception. Raises FormError for a sealed stub: it has a handover sheet and nothing else."""
    if readout.get("secrecy") == "SEALED":
        raise FormError("forms.sealed_only")
    kinds = (("problem_tag", "problem_tag"), ("discipline", "discipline"), ("scope", "scope"))
    return ReceptionRegister(
        unit=context.unit_name,
        number=text(readout, "number"),
        time=moment(readout.get("received_at")) or BLANK_MOMENT,
        place=text(readout, "place"),
        mode=options("contact_mode", readout.get("contact_mode"), only=_MODES),
        person=read_person(readout),
        people=text(readout, "people"),
        representatives=text(readout, "representatives"),
        first_repeat=options("first_repeat", readout.get("first_repeat")),
        visit_form=_visit_form(readout),
        told_before=text(readout, "told_before"),
        told_result=text(readout, "told_result"),
        accused=read_accused(readout, context),
        nature=options("nature", readout.get("nature")),
        kind=joined((code(readout, name, vocabulary) for name, vocabulary in kinds), "、"),
        village=place(readout, "village", context),
        title=text(readout, "title"),
        content=text(readout, "content"),
        claim=text(readout, "claim"),
        materials=text(readout, "materials"),
        receiver=text(readout, "receiver"),
        urgency=options("urgency", readout.get("urgency")),
        proposal=text(readout, "proposal"),
        leader_note=text(readout, "leader_note"),
        went_to=text(readout, "went_to"),
        declined=tick(readout.get("signature_declined") is True, _DECLINED),
        agent=joined((text(readout, "agent"), labelled("代理权限", text(readout, "agent_authority")))),
        remark=joined((text(readout, "remark"), labelled("来件编号", text(readout, "external_number")))),
    )


def _visit_form(readout: Readout) -> str:
    people = readout.get("people")
    forms = [] if people is None else ["GROUP" if int(people) >= _GROUP_FROM else "SINGLE"]
    if readout.get("skip_level"):
        forms.append("SKIP")
    return ticks("visit_form", forms, only=_FORMS)


def compose_register(data: ReceptionRegister, blank: bool = False) -> TableForm:
    """Lay a reception out in the official order."""
    return TableForm(
        title="来访登记表",
        heads=(labelled("接访单位", data.unit or "                    "), labelled("编号", data.number)),
        sections=(
            Section((*_meeting(data), *_person(data.person), *_visit(data))),
            accused_section(data.accused, 2 if blank else 1),
            Section((*_matter(data), *_handling(data), *_signing(data))),
        ),
    )


def _meeting(data: ReceptionRegister) -> tuple[Row, ...]:
    return (
        Row((label("来访时间"), value(data.time, 7.5), label("接访地点", 2.5), value(data.place, 5))),
        Row((label("接访方式"), value(data.mode, 15))),
    )


def _person(person: Person) -> tuple[Row, ...]:
    return (
        Row(
            (
                label("来访人姓名"),
                value(person.name, 6.5),
                label("性别", 2),
                value(person.sex, 2),
                label("年龄", 2),
                value(person.age, 2.5),
            )
        ),
        Row(
            (
                label("民族"),
                value(person.ethnicity, 3),
                label("政治面貌", 2.5),
                value(person.political_status, 3.5),
                label("身份类别", 2.5),
                value(person.kind, 3.5),
            )
        ),
        Row((label("身份证号"), value(person.id_number, 6.5), label("联系电话", 2.5), value(person.phone, 6))),
        Row((label("住址或单位"), value(joined((person.address, person.workplace)), 15))),
    )


def _visit(data: ReceptionRegister) -> tuple[Row, ...]:
    told = joined((data.told_before, labelled("结果", data.told_result)))
    return (
        Row(
            (
                label("来访人数"),
                value(data.people, 2),
                label("代表人数", 2.5),
                value(data.representatives, 2),
                label("来访形式", 2.5),
                value(data.visit_form, 6.5),
            )
        ),
        Row((label("初访或重访"), value(data.first_repeat, 15))),
        Row((label("是否实名"), value(data.person.identity, 15))),
        Row((label("此前向何处\n反映及结果"), value(told, 15)), 34.0, 0.3),
    )


def _matter(data: ReceptionRegister) -> tuple[Row, ...]:
    return (
        Row((label("问题性质"), value(data.nature, 15))),
        Row((label("问题类别"), value(data.kind, 5), label("问题属地", 2.5), value(data.village, 7.5))),
        tall("反映的\n主要问题", joined((data.title, data.content), "\n"), height=46.0, stretch=2.4),
        tall("主要诉求", data.claim, height=26.0),
        tall("提交材料", data.materials, height=24.0, stretch=0.4),
    )


def _handling(data: ReceptionRegister) -> tuple[Row, ...]:
    return (
        Row((label("接访人"), value(data.receiver, 6.5), label("紧急程度", 2.5), value(data.urgency, 6))),
        tall("拟办意见", data.proposal, height=26.0),
        signed(tall("领导批示", data.leader_note, height=26.0)),
        signed(tall("处理去向", data.went_to, height=24.0, stretch=0.3)),
    )


def _signing(data: ReceptionRegister) -> tuple[Row, ...]:
    confirmed = f"{_CONFIRMED}{data.declined}\n签名：                            年      月      日"
    return (
        Row((label("来访人\n签名确认"), value(confirmed, 15)), 40.0, 0.5, carries=True),
        Row(
            (label("代理人\n及代理权限"), value(data.agent, 6.5), label("备注", 2.5), value(data.remark, 6)),
            34.0,
            0.3,
            carries=True,
        ),
    )


RECEPTION_REGISTER = Form(
    name="reception_register",
    code="LD-02",
    title="来访登记表",
    about_kind="Reception",
    empty=ReceptionRegister(),
    compose=compose_register,
    read=read_register,
)
