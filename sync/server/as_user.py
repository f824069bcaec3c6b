"""Start a program as an unprivileged account: PostgreSQL refuses to run as root.

Run by path with the interpreter's ``-I -S``: ``as_user.py UID GID TRAVERSE PROGRAM ARGUMENT…``. With TRAVERSE = 1 the
program keeps the one capability that lets it pass folders closed to its account, so that no folder's mode is loosened.
"""

import ctypes
import os
import sys

CAP_DAC_OVERRIDE = 1
_PR_SET_KEEPCAPS = 8
_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_RAISE = 47, 2
_CAPABILITY_VERSION_3 = 0x20080522


class _Header(ctypes.Structure):
    _fields_ = [("version", ctypes.c_uint32), ("pid", ctypes.c_int)]


class _Data(ctypes.Structure):
    _fields_ = [("effective", ctypes.c_uint32), ("permitted", ctypes.c_uint32), ("inheritable", ctypes.c_uint32)]


def become(uid: int, gid: int, traverse: bool) -> None:
    """Leave root for good. Raises OSError where the system does not permit it."""
    libc = ctypes.CDLL(None, use_errno=True)
    if traverse:
        _checked(libc.prctl(_PR_SET_KEEPCAPS, 1, 0, 0, 0))
    os.setgroups([])
    os.setresgid(gid, gid, gid)
    os.setresuid(uid, uid, uid)
    if traverse:
        _keep_traverse(libc)


def _keep_traverse(libc: ctypes.CDLL) -> None:
    mask = 1 << CAP_DAC_OVERRIDE
    data = (_Data * 2)(_Data(mask, mask, mask), _Data(0, 0, 0))
    _checked(libc.capset(ctypes.byref(_Header(_CAPABILITY_VERSION_3, 0)), data))
    _checked(libc.prctl(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_RAISE, CAP_DAC_OVERRIDE, 0, 0))


def _checked(result: int) -> None:
    if result != 0:
        raise OSError(ctypes.get_errno(), "the system does not let PostgreSQL reach its folder")


if __name__ == "__main__":
    become(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3] == "1")
    os.execv(sys.argv[4], sys.argv[4:])  # noqa: S606 - the program and its arguments come from our own command line
