"""Bounds that are checked before anything that came from outside is believed. Bytes unless the name says otherwise."""

from dataclasses import dataclass

KIB = 1024
MIB = 1024 * KIB

PADDING_STEP = 1 * KIB
PADDED_BELOW = 16 * KIB
"""Sealed bodies shorter than this are padded to whole steps, so that their length tells little."""

CHANGES_PER_REQUEST = 2_000
CHANGE_BYTES_PER_REQUEST = 4 * MIB
"""What the loop puts into one request before compression; a single larger change still travels alone."""
ENTRIES_PER_PAGE = 4_000
"""Feed entries a device asks for at once by wire."""
ANSWER_BYTES_PER_PAGE = 8 * MIB
"""Before compression: where the county ends a page even if more entries were asked for."""

MAX_CHANGE_BYTES = 16 * MIB
MAX_OPERATIONS = 50_000
MAX_CHANGES = 20_000
MAX_ENTRIES = 200_000
MAX_RESULTS = 20_000
MAX_FIELDS_BYTES = 4 * MIB
MAX_COUNTED_KINDS = 200
MAX_NAME_CHARACTERS = 200
MAX_CODE_CHARACTERS = 64

MAX_HELD_CHANGES = 50_000
MAX_HELD_BYTES = 256 * MIB
"""Of one device, what waits for a gap to close: sticks that came in the wrong order."""
MAX_QUARANTINED_ENVELOPES = 500
MAX_QUARANTINED_ENVELOPE_BYTES = 128 * MIB
"""Of one revoked device, what is kept unopened for a person."""

MAX_KEY_CARD_BYTES = 64 * KIB
MAX_TICKET_BYTES = 192 * KIB
MAX_WRAPPED_BYTES = 4 * KIB
MAX_CARRIED_BYTES = 512 * MIB
MAX_CARRIED_ENVELOPES = 10_000
MAX_CARRIED_PARTS = 1_000
CARRIED_PART_BYTES = 64 * MIB
"""Where a carried answer is split; every stick and every file system of an office takes a file of this size."""

MAX_REFUSAL_BYTES = 8 * KIB


@dataclass(frozen=True, slots=True)
class EnvelopeLimits:
    """``sealed``: whole envelope; ``opened``: payload after decompression."""

    sealed: int
    opened: int


REQUEST_LIMITS = EnvelopeLimits(sealed=20 * MIB, opened=32 * MIB)
ANSWER_LIMITS = EnvelopeLimits(sealed=32 * MIB, opened=64 * MIB)
ENROLMENT_LIMITS = EnvelopeLimits(sealed=128 * KIB, opened=128 * KIB)
REFUSAL_LIMITS = EnvelopeLimits(sealed=16 * KIB, opened=MAX_REFUSAL_BYTES)
DESK_LIMITS = EnvelopeLimits(sealed=4 * MIB, opened=16 * MIB)
"""What the server tells the county's desk: counts and names of units."""
MAX_POSTED_CARRIED = 192 * MIB
"""A carried file the county's desk hands to its server, and the answer files that come back."""
BACKUP_LIMITS = EnvelopeLimits(sealed=512 * MIB, opened=2048 * MIB)
