"""Logging that tells what broke and where, never what somebody wrote."""

import logging


class NoContent(logging.Filter):
    """Keep the kind of address and the kind of fault, not what they carry.

    A query string and a traceback's last line may hold typed text, and an address a
    guest's or an invitation's secret; the route, the place in the code and the
    exception's class are enough to find the fault.
    """

    def filter(self, record):
        request = getattr(record, "request", None)
        if request is not None:
            status = getattr(record, "status_code", "")
            told = (status, request.method, _route(request))
            record.msg, record.args = "%s %s %s", told
        if record.exc_info and record.exc_info[0]:
            where = _last_place(record.exc_info[2])
            record.msg = (
                f"{record.getMessage()}: {record.exc_info[0].__name__} at {where}"
            )
            record.args, record.exc_info, record.exc_text = (), None, None
        return True


def _route(request):
    """The route as it stands in the code; a path nobody knows stays as it came."""
    match = getattr(request, "resolver_match", None)
    return f"/{match.route}" if match else request.path


def _last_place(traceback):
    while traceback.tb_next:
        traceback = traceback.tb_next
    return f"{traceback.tb_frame.f_code.co_name}:{traceback.tb_lineno}"
