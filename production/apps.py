from django.apps import AppConfig


class ProductionConfig(AppConfig):
    name = "production"
    verbose_name = "Recipes and baking"

    def ready(self) -> None:
        from bakery.core.transfer.arrays import register_array
        from inventory.books import register_check
        from inventory.models import EntryKind, Kind
        from inventory.pages import register_entry_pages, register_item_pages
        from inventory.uses import register_users
        from production.books import check_runs
        from production.pages import run_pages, unit_pages
        from production.transfer import RUNS
        from production.uses import lines_asking_for

        register_users(lines_asking_for)
        register_check(check_runs)
        register_array(RUNS)
        register_entry_pages(EntryKind.PRODUCTION, run_pages)
        register_item_pages(Kind.FINISHED_UNIT, unit_pages)
