from django.apps import AppConfig
from django.db.models.signals import post_migrate


class InventoryConfig(AppConfig):
    name = "inventory"
    verbose_name = "Pantry"

    def ready(self) -> None:
        from inventory import triggers

        post_migrate.connect(triggers.install, sender=self, dispatch_uid="inventory.triggers")
