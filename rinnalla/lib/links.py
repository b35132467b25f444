"""Secret links: what opens a page to who holds it, of which only a digest is kept."""

from base64 import urlsafe_b64encode

from django.utils.crypto import salted_hmac


def secret_for(purpose: str, seed: str) -> str:
    """The secret (256 bits) of one row, the same each time; only we can work it out."""
    said = seed.encode("utf-8", "replace")
    drawn = salted_hmac(f"{purpose}.secret", said, algorithm="sha256").digest()
    return urlsafe_b64encode(drawn).decode().rstrip("=")


def digest_of(purpose: str, secret: str) -> str:
    """What is kept of a secret: a row is found by it, the secret is not."""
    seen = secret.encode("utf-8", "replace")
    return salted_hmac(f"{purpose}.digest", seen, algorithm="sha256").hexdigest()
