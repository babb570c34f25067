from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "bakery.core"
    label = "core"
    verbose_name = "Household"

    def ready(self) -> None:
        from bakery.core import checks  # noqa: F401  (registers them)
