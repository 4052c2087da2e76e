"""Static files with a hash in their name, so that browsers may keep them for ever."""

from functools import cache

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStorage(CompressedManifestStaticFilesStorage):
    """Also follows the imports between JavaScript modules: a module and what it imports change together."""

    support_js_module_import_aggregation = True

    @cache  # noqa: B019  (one storage a process, and only the files that templates name)
    def url(self, name: str | None, force: bool = False) -> str:
        address: str = super().url(name, force)
        return address
