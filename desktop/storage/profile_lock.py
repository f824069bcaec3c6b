"""One process at a time uses a profile: a lock of the operating system that dies with its holder."""

from filelock import FileLock, Timeout

from desktop.errors import InUse
from desktop.paths import ProfilePaths


class ProfileLock:
    """Held from open to close."""

    def __init__(self, paths: ProfilePaths) -> None:
        """Take the lock at once. Raises InUse where another process, or another store in this one, holds it."""
        paths.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._lock = FileLock(paths.lock, timeout=0, mode=0o600, thread_local=False, is_singleton=False)
        try:
            self._lock.acquire()
        except Timeout:
            raise InUse("store.in_use") from None

    def release(self) -> None:
        """Let the profile go; harmless when repeated."""
        self._lock.release()
