"""Logging that tells what broke and where, never what somebody wrote."""

import logging


class NoContent(logging.Filter):
    """Keep the address without its query and the kind of fault without its message.

    A traceback's last line and a query string may carry typed text; file, line and
    the exception's class are enough to find the place.
    """

    def filter(self, record):
        request = getattr(record, "request", None)
        if request is not None:
            status = getattr(record, "status_code", "")
            record.msg, record.args = "%s %s %s", (status, request.method, request.path)
        if record.exc_info and record.exc_info[0]:
            where = _last_place(record.exc_info[2])
            record.msg = (
                f"{record.getMessage()}: {record.exc_info[0].__name__} at {where}"
            )
            record.args, record.exc_info, record.exc_text = (), None, None
        return True


def _last_place(traceback):
    while traceback.tb_next:
        traceback = traceback.tb_next
    return f"{traceback.tb_frame.f_code.co_name}:{traceback.tb_lineno}"
