from django.apps import AppConfig


class ResultsVaultConfig(AppConfig):
    name = "results_vault"
    default_auto_field = "django.db.models.BigAutoField"
