"""Static files with hashed names, so that browsers may keep them for good."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class ModuleManifestStorage(CompressedManifestStaticFilesStorage):
    """Hash names inside ES modules' imports too; they import each other by path."""

    support_js_module_import_aggregation = True
