"""Static files with a hash in their name, so that browsers may keep them for ever."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStorage(CompressedManifestStaticFilesStorage):
    """Also follows the imports between JavaScript modules: a module and what it imports change together."""

    support_js_module_import_aggregation = True
