"""What a phone installs: the app's document, its files, the worker that keeps them.

None of it holds data, and it is the same for everybody, so that a phone may keep it for
good. The version is a digest of it all; a new one waits on the phone until no visit is
open (`static/phone/app/update.js`).
"""

import gzip
import json
import re
from dataclasses import dataclass
from functools import cache, lru_cache
from hashlib import sha256
from pathlib import Path
from posixpath import dirname, join, normpath
from urllib.parse import unquote

import brotli
from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpResponse, HttpResponseNotModified, JsonResponse
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from rinnalla.phone import shell_page

LANGUAGES = tuple(code for code, _name in settings.LANGUAGES)
LINKED = re.compile(r'\s(?:href|src)="([^"#?]+)"')
IMPORTED = re.compile(r"""\b(?:from|import)\s*["'](\.{1,2}/[^"']+)["']""")
# Fetched when first needed.
FOR_LATER = re.compile(r"""\bimport\(\s*["'](\.{1,2}/[^"']+)["']""")
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
# The telephone's own system takes these when it installs the app.
LEFT_OUT = ("phone/icons/",)
# Ground of the page, light; visual-language.md names it stone.
GROUND = "#FBFAF7"


@dataclass(frozen=True)
class Shell:
    """One version of the app: a document a language, and the files they need."""

    version: str
    documents: dict  # language -> coding ("", gzip, br) -> bytes
    files: list


# --- Views -------------------------------------------------------------------


@require_safe
def document(request):
    """The app's one page, without data; `?language=sv` asks for another language."""
    asked = request.GET.get("language")
    language = asked if asked in LANGUAGES else request.LANGUAGE_CODE
    kept = shell()
    etag = f'"{kept.version}-{language}"'
    if request.headers.get("If-None-Match") == etag:
        response = HttpResponseNotModified()
    else:
        response = _packed(request, kept.documents[language])
    response.headers["Content-Language"] = language
    response.headers["X-Shell"] = kept.version
    return _never_stale(response, etag)


@require_safe
def worker(request):
    """The service worker: it keeps the app, or takes itself off where that is set."""
    if not settings.OFFLINE_APP:
        return _script(request, render_to_string("phone/sw_off.js"))
    kept = shell()
    told = {
        "version": kept.version,
        "document": reverse("phone:app"),
        "static": settings.STATIC_URL,
        "files": kept.files,
        "isHashed": _is_hashed(),
    }
    script = render_to_string("phone/sw.js", {"shell": json.dumps(told)})
    return _script(request, script)


@require_safe
def manifest(request):
    """What the telephone needs to put the app on its home screen."""
    answer = JsonResponse(
        {
            "id": reverse("phone:app"),
            "name": "Rinnalla",
            "short_name": "Rinnalla",
            "description": _("Outreach work in the field, also without a network."),
            "lang": request.LANGUAGE_CODE,
            "start_url": reverse("phone:app"),
            "scope": reverse("phone:app"),
            "display": "standalone",
            "orientation": "portrait",
            "theme_color": GROUND,
            "background_color": GROUND,
            "icons": [
                _icon("icon-192.png", "192x192", "any"),
                _icon("icon-512.png", "512x512", "any"),
                _icon("icon-maskable-512.png", "512x512", "maskable"),
            ],
        },
        content_type="application/manifest+json",
    )
    patch_vary_headers(answer, ["Accept-Language", "Cookie"])
    answer.headers["Cache-Control"] = "no-cache"
    return answer


def _packed(request, bodies):
    """The page as small as this browser reads it; no secret in it could leak so."""
    accepted = request.headers.get("Accept-Encoding", "")
    coding = next((name for name in ("br", "gzip") if name in accepted), "")
    response = HttpResponse(bodies[coding])
    if coding:
        response.headers["Content-Encoding"] = coding
    patch_vary_headers(response, ["Accept-Encoding"])
    return response


def _icon(name, size, purpose):
    source = static(f"phone/icons/{name}")
    return {"src": source, "sizes": size, "type": "image/png", "purpose": purpose}


def _script(request, text):
    response = _packed(request, _pack(text))
    response.headers["Content-Type"] = "text/javascript; charset=utf-8"
    return _never_stale(response, f'"{sha256(text.encode()).hexdigest()[:20]}"')


def _never_stale(response, etag):
    """Kept by browsers, but asked about each time."""
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "no-cache"
    return response


# --- The shell: what the documents link to, and what that imports -------------


def shell():
    """The app as it is now; worked out once in a process, in development each time."""
    return make_shell() if settings.DEBUG else kept_shell()


@cache
def kept_shell():
    """The app of this process: its files do not change while it runs."""
    return make_shell()


def make_shell():
    """Draw the documents, follow what they link to, and take the digest of it all."""
    drafts = {language: _draw(language, "", []) for language in LANGUAGES}
    links = _links("\n".join(drafts.values()))
    contents = _contents(links)
    # Told in the document's head: otherwise they are found one behind the other.
    modules = _reached([link for link in links if link.endswith(".js")], contents)
    digest = sha256(settings.VERSION.encode())
    for part in (*drafts.values(), *sorted(contents)):
        digest.update(part.encode())
    for name in sorted(contents):
        digest.update(contents[name])
    version = digest.hexdigest()[:12]
    documents = {
        language: _pack(_draw(language, version, modules)) for language in LANGUAGES
    }
    return Shell(version, documents, sorted(contents))


def _draw(language, version, modules):
    return shell_page.html(
        language,
        version=version,
        modules=modules,
        is_offline=settings.OFFLINE_APP,
        is_demo=settings.DEMO,
        county_name=settings.COUNTY_NAME,
    )


@lru_cache(maxsize=8)
def _pack(text):
    """A page or script by coding, plain included."""
    plain = text.encode()
    return {"": plain, "gzip": gzip.compress(plain), "br": brotli.compress(plain)}


def _links(html):
    """The static files a document asks for."""
    found = {link for link in LINKED.findall(html) if _is_ours(link)}
    return sorted(found)


def _is_ours(link):
    name = link.removeprefix(settings.STATIC_URL)
    return name != link and not name.startswith(LEFT_OUT)


def _contents(links):
    """The bytes of these files and of every module they import, by address."""
    waiting, contents = list(links), {}
    while waiting:
        link = waiting.pop()
        if link not in contents:
            contents[link] = _read(link)
            waiting += _imports(link, contents[link], IMPORTED)
            waiting += _imports(link, contents[link], FOR_LATER)
    return contents


def _reached(links, contents):
    """The modules that are needed before the app begins."""
    waiting, found = list(links), set()
    while waiting:
        link = waiting.pop()
        new = set(_imports(link, contents[link], IMPORTED)) - found
        found |= new
        waiting += new
    return sorted(found)


def _imports(link, content, pattern):
    """The addresses of what a module imports; what comments name is left alone."""
    if not link.endswith(".js"):
        return []
    found = pattern.findall(COMMENT.sub("", content.decode()))
    return [normpath(join(dirname(link), name)) for name in found]


def _read(link):
    """The bytes of a static file, with or without a hash in its name."""
    name = unquote(link.removeprefix(settings.STATIC_URL))
    found = finders.find(name)
    if found:
        return Path(found).read_bytes()
    with staticfiles_storage.open(name) as file:
        return file.read()


def _is_hashed():
    """Whether a name stands for one content for good."""
    return hasattr(staticfiles_storage, "manifest_name")
