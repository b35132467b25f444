"""Short texts kept sealed at rest with the installation's secret (in KEY_DIR).

A backup of the data alone does not open them. `purpose` parts the keys, so that what
was sealed for one thing cannot be opened as another.
"""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings


def seal(text: str, purpose: str) -> bytes:
    """The text, readable only with the installation's secret."""
    return _fernet(purpose).encrypt(text.encode())


def unseal(sealed: bytes, purpose: str) -> str | None:
    """The text again, or None when it was sealed with another secret."""
    try:
        return _fernet(purpose).decrypt(bytes(sealed)).decode()
    except InvalidToken:
        return None


def _fernet(purpose):
    key = hashlib.sha256(f"{purpose} {settings.SECRET_KEY}".encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
