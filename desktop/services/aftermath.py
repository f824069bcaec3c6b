"""What an exchange, or a sign-in, brings with it for this store: who is kept out of what, and keys to send again."""

from desktop.services.desk import Desk
from desktop.services.identities import send_keys_again
from desktop.services.recusal import log_recusals


def follow_up(desk: Desk) -> None:
    """Log recusals; send keys of identities alone where the matter they came with was set apart."""
    log_recusals(desk)
    send_keys_again(desk)
