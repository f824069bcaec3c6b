"""What a role may see and do, in one line; always what the program enforces."""

from desktop.services.permissions import ROLES
from desktop.ui.voice import Voice


def role_line(voice: Voice, role: str | None) -> str:
    """The line of a role; empty for none or an unknown one."""
    powers = ROLES.get(role or "")
    if powers is None:
        return ""
    parts = [voice.say(f"roles.sees_{powers.sight.name.lower()}")]
    if powers.keeps_access_log:
        parts.append(voice.say("roles.reads_log"))
    parts.append(voice.say("roles.records" if powers.records else "roles.decides" if powers.decides else "roles.idle"))
    parts.append(voice.say("roles.reads_identity" if powers.reads_identity else "roles.no_identity"))
    if powers.manages_users:
        parts.append(voice.say("roles.manages_users"))
    return voice.say("roles.line", parts=voice.say("roles.and").join(parts))
