"""Expected troubles of the desktop, on the tree of ``sync.domain.errors``: each says what happened and what to do."""

from sync.domain.errors import Damaged, NotAllowed, Refused


class WrongPassphrase(NotAllowed):
    """No key slot opens with this passphrase."""


class NewerVersion(Refused):
    """The store or vault was written by a newer version of the program."""


class DamagedStore(Damaged):
    """The vault or store is damaged."""


class InUse(Refused):
    """Another process holds the profile."""


class NotEnrolled(Refused):
    """The profile has no device yet."""


class CopiedDisk(Refused):
    """The county knows another history of this device: nothing is lost, a person has to enrol it anew."""

    exit_code = 3


class NotFound(Refused):
    """No such record in this store."""
