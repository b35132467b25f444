"""A way for letters to leave that can be away, as a mail server is."""

from django.core.mail.backends.locmem import EmailBackend

AWAY = {"is_so": False}
HERE = "rinnalla.planning.tests.safety.mail.Sometimes"


class Sometimes(EmailBackend):
    """Keeps letters as the tests' own does, or refuses the connection."""

    def send_messages(self, messages):
        if AWAY["is_so"]:
            raise ConnectionRefusedError
        return super().send_messages(messages)
