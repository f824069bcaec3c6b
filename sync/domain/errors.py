"""The tree of expected troubles. Each names a text in ``resources/texts`` and fills it with values.

Anything that is not a :class:`LiandongError` is a bug. Values never carry case content.
"""


class LiandongError(Exception):
    """Expected trouble: ``code`` is ``topic.key`` of a text, ``values`` fill its ``{gaps}``."""

    exit_code = 1

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code)
        self.code = code
        self.values: dict[str, object] = dict(values)

    def __str__(self) -> str:
        filled = ", ".join(f"{name}={value}" for name, value in self.values.items())
        return f"{self.code} ({filled})" if filled else self.code


class Refused(LiandongError):
    """The request was refused and nothing changed."""


class InvalidInput(Refused):
    """A value cannot be taken; ``values['field']`` names the field."""


class Damaged(Refused):
    """A file, envelope or store is not what it should be."""


class NotAllowed(Refused):
    """The role, the unit or the case does not permit it."""


class UsageError(LiandongError):
    """The command was called with words it does not know."""

    exit_code = 2


class NeedsPerson(LiandongError):
    """Done, but something waits for a person (quarantined, held, digests differ)."""

    exit_code = 3


class Unreachable(LiandongError):
    """The other side cannot be reached now; nothing is lost, try again."""

    exit_code = 75
