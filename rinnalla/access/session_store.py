"""Sign-in sessions in a table of our own, so that a worker can see and end them."""

from datetime import UTC, datetime

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore


class SessionStore(DatabaseStore):
    """The database store of Django, with the worker and the device beside the data."""

    @classmethod
    def get_model_class(cls):
        from rinnalla.access.models import WorkerSession

        return WorkerSession

    def create_model_instance(self, data):
        row = super().create_model_instance(data)
        row.worker_id = data.get("_auth_user_id")
        row.public_id = data.get("public_id", "")
        row.device = data.get("device", "")
        if "started" in data:
            row.started_at = datetime.fromtimestamp(data["started"], UTC)
            row.seen_at = datetime.fromtimestamp(data["seen"], UTC)
        return row
