"""What a password may not be, beyond what the framework says well itself."""

from django.contrib.auth.password_validation import UserAttributeSimilarityValidator
from django.utils.translation import gettext as _


class NotLikeOwnName(UserAttributeSimilarityValidator):
    """The framework's rule; its own sentence names our fields in English."""

    def get_error_message(self):
        return _("This is too close to your name or email. Choose another one.")
