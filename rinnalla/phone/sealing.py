"""What a phone seals only the server opens; what waits for a human lies sealed too.

HPKE (RFC 9180), base mode: DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-256-GCM. The
private keys lie in KEY_DIR and nowhere else. The newest one is given to the phones;
what was sealed to an older one still opens.
"""

import os
import uuid
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import serialization as forms_of
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from django.conf import settings

from rinnalla.lib import clock

SUITE = Suite(KEM.P256, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
FACT, KEPT = "rinnalla fact 1 ", "rinnalla kept 1 "
NUMBER = 8  # bytes of a key's number before what we sealed ourselves


class Broken(Exception):
    """This cannot be opened: cut short, changed, or sealed to a key we never had."""


@dataclass(frozen=True)
class Key:
    """One key pair: its number, since when it is given out, its private half."""

    id: str
    made: str
    private: ec.EllipticCurvePrivateKey

    @property
    def public(self):
        """The public half as phones take it: the plain point, base64url."""
        return _text(_point(self.private))


def current_key():
    """The key that phones seal to now; the first one is made when it is asked for."""
    return (_keys() or [make_key()])[-1]


def public_key():
    """What phones are given: the current key's number and its public half."""
    key = current_key()
    return {"id": key.id, "public": key.public}


def all_keys():
    """Every key that still opens something, the newest last."""
    return list(_keys())


def make_key():
    """Make a new key pair; from now on it is the one given to phones."""
    private = ec.generate_private_key(ec.SECP256R1())
    id = sha256(_point(private)).hexdigest()[: NUMBER * 2]
    made = clock.now().strftime("%Y%m%dT%H%M%S%f")
    pem = private.private_bytes(
        forms_of.Encoding.PEM,
        forms_of.PrivateFormat.PKCS8,
        forms_of.NoEncryption(),
    )
    path = _folder() / f"{made}-{id}.pem"
    _write(path, pem)
    return Key(id, made, private)


def open_fact(key_id, sealed, fact_id):
    """What a phone sealed for this fact, as bytes. Raises Broken."""
    try:
        content = urlsafe_b64decode(f"{sealed}==".encode("ascii"))
    except ValueError:
        raise Broken from None
    return _open(str(key_id), content, f"{FACT}{fact_id}")


def keep(content, id):
    """Seal bytes that wait for a human under this number; only we can open them."""
    key = current_key()
    sealed = SUITE.encrypt(
        content, key.private.public_key(), info=f"{KEPT}{id}".encode()
    )
    return bytes.fromhex(key.id) + sealed


def open_kept(row):
    """The bytes that wait in a row of quarantine. Raises Broken."""
    whole = bytes(row.sealed)
    return _open(whole[:NUMBER].hex(), whole[NUMBER:], f"{KEPT}{row.pk}")


def _open(key_id, content, info):
    key = next((key for key in _keys() if key.id == key_id), None)
    if key is None:
        raise Broken
    try:
        return SUITE.decrypt(content, key.private, info=info.encode("ascii", "replace"))
    except (InvalidTag, ValueError):
        raise Broken from None


def _keys():
    """The keys in the folder; read again when another process has made one."""
    folder = _known_folder(settings.KEY_DIR)
    try:
        changed = folder.stat().st_mtime_ns
    except FileNotFoundError:
        changed = _folder().stat().st_mtime_ns
    return _read(folder, changed)


@lru_cache(maxsize=2)
def _read(folder, _changed):
    return [_key(path) for path in sorted(folder.glob("*.pem"))]


def _key(path):
    made, _dash, id = path.stem.partition("-")
    return Key(id, made, forms_of.load_pem_private_key(path.read_bytes(), None))


@lru_cache(maxsize=2)
def _known_folder(keys):
    """Put together once: every sealed fact asks for it."""
    return Path(keys) / "phone"


def _folder():
    folder = _known_folder(settings.KEY_DIR)
    if not folder.exists():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def _write(path, pem):
    """Write a file that only we may read; it appears whole or not at all."""
    draft = path.with_name(f".{uuid.uuid4().hex}")
    only_ours = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(only_ours, "wb") as f:
        f.write(pem)
        f.flush()
        os.fsync(f.fileno())
    draft.rename(path)


def _point(private):
    """The public half as 65 plain bytes."""
    return private.public_key().public_bytes(
        forms_of.Encoding.X962, forms_of.PublicFormat.UncompressedPoint
    )


def _text(content):
    return urlsafe_b64encode(content).decode().rstrip("=")
