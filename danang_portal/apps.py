from django.apps import AppConfig


class DanangPortalConfig(AppConfig):
    name = "danang_portal"

    def ready(self) -> None:
        # Whatever process uses Django sends its tasks to our broker, not to Celery's default one.
        from danang_portal import celery, checks  # noqa: F401
