"""The settings of the test suite: the real ones, without https and slow hashing."""

import os

os.environ.setdefault("HTTPS", "0")

from rinnalla.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
