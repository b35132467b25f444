"""Sends letters over SMTP or texts over HTTP, in a process of its own.

Started by `sending.py` with plain JSON on its input; needs nothing but Python itself,
so it starts in a moment, and whoever started it can end it at any moment. Each letter
that the server took is told by its key, a line each; a fault by its kind. After
`seconds` the system ends it, whatever a server does to keep it.
"""

import http.client
import json
import signal
import smtplib
import ssl
import sys
import urllib.parse
import urllib.request


def main():
    """Read what to send, send it, say what was taken."""
    told = json.load(sys.stdin)
    signal.alarm(told["seconds"])
    send = {"mail": mail, "text": texts}[told["channel"]]
    try:
        for key in send(told["server"], told["letters"]):
            print(key, flush=True)  # noqa: T201
    except Exception as fault:  # noqa: BLE001
        say_fault(fault)


def say_fault(fault):
    """Tell a fault by its kind alone: its words may hold an address."""
    print("!", type(fault).__name__, flush=True)  # noqa: T201


def mail(server, letters):
    """Send each letter; yield the key of each one that was taken.

    What is wrong with one letter, or with the connection while it is sent, costs that
    one alone: the next goes over a new connection. Raises when none can be made.
    """
    smtp = None
    for letter in letters:
        smtp = smtp or connect(server)
        try:
            content = letter["content"].encode("latin-1")
            smtp.sendmail(server["sender"], [letter["to"]], content)
        except (smtplib.SMTPException, OSError, ValueError) as fault:
            say_fault(fault)
            smtp.close()
            smtp = None
        else:
            yield letter["key"]
    if smtp:
        smtp.quit()


def connect(server):
    """A connection that is signed in, over TLS where that is set."""
    smtp = smtplib.SMTP(server["host"], server["port"], timeout=server["timeout"])
    if server["starttls"]:
        smtp.starttls(context=ssl.create_default_context())
    if server["user"]:
        smtp.login(server["user"], server["password"])
    return smtp


def texts(server, letters):
    """Post each text; yield the key of each one that was answered 2xx."""
    opener = urllib.request.build_opener(NotElsewhere)
    for letter in letters:
        try:
            request = request_of(server, letter)
            with opener.open(request, timeout=server["timeout"]):
                yield letter["key"]
        # A number refused, a connection that broke: the next number is tried.
        except (OSError, http.client.HTTPException, ValueError) as fault:
            say_fault(fault)


def request_of(server, letter):
    """One text as the county's service wants it."""
    request = urllib.request.Request(server["url"], method="POST")
    request.data = body_of(server, letter).encode()
    request.add_header("Content-Type", TYPES[server["format"]])
    if server["authorization"]:
        request.add_header("Authorization", server["authorization"])
    return request


TYPES = {"json": "application/json", "form": "application/x-www-form-urlencoded"}


class NotElsewhere(urllib.request.HTTPRedirectHandler):
    """An answer that sends elsewhere is no promise to deliver."""

    def redirect_request(self, *_told):
        return None


def body_of(server, letter):
    """The body as the county's service wants it: JSON or form fields."""
    fields = filled(server["body"], letter)
    if server["format"] == "form":
        return urllib.parse.urlencode(fields)
    return json.dumps(fields)


def filled(part, letter):
    """The setting with the number and the text in their places."""
    if isinstance(part, dict):
        return {name: filled(value, letter) for name, value in part.items()}
    if isinstance(part, list):
        return [filled(value, letter) for value in part]
    if not isinstance(part, str):
        return part
    number = part.replace("{number}", letter["to"])
    return number.replace("{text}", letter["content"])


if __name__ == "__main__":
    main()
