"""Static files with hashed names, so that browsers may keep them for good."""

import re

from whitenoise.storage import CompressedManifestStaticFilesStorage

# A doc comment, or a comment that fills its line. Neither stands inside a text of ours;
# a test reads every script with and without.
DOC = r"/\*\*(?:[^*]|\*(?!/))*\*/"
COMMENT = re.compile(rf"^[ \t]*{DOC}[ \t]*\n|{DOC} ?", re.M)
LINE = re.compile(r"^[ \t]*//[^\n]*\n", re.M)


def without_comments(script):
    """A script as phones run it: the same lines without what is written for readers."""
    return LINE.sub("", COMMENT.sub("", script))


class ModuleManifestStorage(CompressedManifestStaticFilesStorage):
    """Hash names inside ES modules' imports too; they import each other by path.

    Comments stay in the sources: a phone in the field pays for every byte it fetches.
    """

    support_js_module_import_aggregation = True

    def post_process(self, paths, dry_run=False, **options):
        """Take the comments out of our scripts before their names are made."""
        if not dry_run:
            paths = {name: self._stripped(name) or paths[name] for name in paths}
        yield from super().post_process(paths, dry_run, **options)

    def url_converter(self, name, hashed_files, template=None):
        """Leave a bare module name as it is: no file of ours, such as Node's crypto."""
        convert = super().url_converter(name, hashed_files, template)

        def unless_bare(match):
            is_bare = name.endswith(".js") and not match["url"].startswith((".", "/"))
            return match["matched"] if is_bare else convert(match)

        return unless_bare

    def _stripped(self, name):
        """Where a script of ours lies without comments; None for any other file."""
        if not name.endswith(".js") or "vendor/" in name:
            return None
        with self.open(name) as file:
            script = file.read().decode()
        with self.open(name, "wb") as file:
            file.write(without_comments(script).encode())
        return self, name
