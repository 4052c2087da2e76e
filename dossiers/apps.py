from django.apps import AppConfig


class DossiersConfig(AppConfig):
    name = "dossiers"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from dossiers import holdings, subscribers
        from procedures import held

        held.tell_by(holdings.told)
        del subscribers  # importing it connects its subscribers
