"""Whether a name on paper means the user: by his account's name however it is written, and by the staff table.

A name with titles around it (李建国主任, 张三(副镇长), 村支书李建国) is the name in it. A surname with a title
(王书记) names nobody for certain: it is a reason to look, never to act.
"""

import re
import unicodedata
from collections.abc import Iterable

_OF_ACCOUNT = re.compile(r"[\s\-_]*(?:[0-9]+|[((].*[))])$")
"""What tells accounts of one person apart: 张明2, 张明(信访办)."""
_IN_BRACKETS = re.compile(r"[(\[【〔].*?[)\]】〕]")
_BREAKS = re.compile(r"[,、;/|:。]")
POSTS = (
    "书记", "支书", "主任", "镇长", "乡长", "村长", "县长", "区长", "市长", "局长", "所长",
    "站长", "科长", "股长", "组长", "队长", "处长", "部长", "院长", "校长", "园长", "会长",
    "社长", "社区主任", "主席", "秘书长", "秘书", "委员", "会计", "出纳", "文书", "干事", "专干",
    "干部", "代表", "经理", "董事长", "律师", "法官", "警官", "医生", "老师", "教师", "同志",
    "先生", "女士", "师傅",
)  # fmt: skip
_OF_POSTS = (
    "中共", "党委", "党组", "党总支", "党支部", "总支", "支部", "纪委", "纪检", "监委", "监察",
    "政法", "组织", "宣传", "统战", "人大", "政协", "政府", "街道", "办事处", "村委会", "居委会",
    "村委", "居委", "村", "社区", "镇", "乡", "县", "区", "市", "组", "第一",
    "常务", "副", "正", "原", "前任", "前", "时任", "现任", "代", "代理", "驻村",
    "包村", "老",
)  # fmt: skip
_POST = "|".join(sorted(POSTS, key=len, reverse=True))
_OF_POST = "|".join(sorted(_OF_POSTS, key=len, reverse=True))
_BEHIND = re.compile(rf"^(.+?)(?:(?:{_OF_POST})*(?:{_POST}))+$")
_BEFORE = re.compile(rf"^.*(?:{_POST})(?=(.+)$)")
DOUBLE_SURNAMES = frozenset(
    ("欧阳", "司马", "诸葛", "上官", "夏侯", "东方", "皇甫", "尉迟", "公孙", "令狐", "慕容", "司徒", "端木", "独孤")
)


def spellings(account: str) -> frozenset[str]:
    """The name behind an account as people write it: as it is, closed up, and spaced out (张明, 张 明, 张　明)."""
    names = {account, own_name(account)}
    return frozenset(written for name in names for written in _written(name))


def own_name(account: str) -> str:
    """The name behind an account: 张明 of 张明2 and of 张明(信访办)."""
    whole = unicodedata.normalize("NFKC", account)
    return _OF_ACCOUNT.sub("", whole) or account


def bare_names(written: str) -> frozenset[str]:
    """Every name of two signs or more that a text may mean, titles and brackets taken off, closed up."""
    return frozenset(name for name in _readings(written) if len(name) > 1)


def means(account: str, written: str | None) -> bool:
    """True where a text names the person behind an account, whatever titles stand around the name."""
    own = {closed(name) for name in spellings(account)}
    return not own.isdisjoint(bare_names(written or ""))


def may_mean(account: str, written: str | None) -> bool:
    """True where a text is the person's surname with a title: he may be meant, and so may anybody of that surname."""
    own = closed(own_name(account))
    surnames = {own[:1], own[:2] if own[:2] in DOUBLE_SURNAMES else own[:1]}
    text = closed(_IN_BRACKETS.sub("", written or ""))
    found = _BEHIND.match(text)
    return found is not None and found.group(1) in surnames and not means(account, written)


def same_person(one: str | None, other: str | None) -> bool:
    """True where two texts hold the same name."""
    return not bare_names(one or "").isdisjoint(bare_names(other or ""))


def may_be_same(one: str | None, other: str | None) -> bool:
    """True where one text is a surname with a title that the name in the other one has."""
    pairs = ((one, other), (other, one))
    return any(may_mean(name, text) for text, named in pairs for name in bare_names(named or ""))


def is_known_elsewhere(account: str, unit: str, named_unit: str | None, staff_there: Iterable[str]) -> bool:
    """True where the person meant is a colleague of the same name in another unit, by the staff named there.

    A name without a unit, or of a unit where nobody of the name is known, may be the user's: he is kept out.
    """
    if not named_unit or named_unit == unit:
        return False
    return any(means(account, name) for name in staff_there)


def _readings(written: str) -> Iterable[str]:
    """The text closed up, its parts, and each without the titles behind or before it."""
    whole = unicodedata.normalize("NFKC", written)
    plain = _IN_BRACKETS.sub(" ", whole)
    parts = {closed(part) for text in (whole, plain) for part in (text, *_BREAKS.split(text))} - {""}
    yield from parts
    for part in parts:
        behind = _BEHIND.match(part)
        before = _BEFORE.match(part)
        if behind is not None:
            yield behind.group(1)
        if before is not None:
            yield before.group(1)


def closed(text: str) -> str:
    """A text without the spaces people put in it."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def _written(name: str) -> frozenset[str]:
    closed = "".join(name.split())
    return frozenset({name, closed, *(space.join(closed) for space in (" ", "\u3000"))})
