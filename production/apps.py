from django.apps import AppConfig


class ProductionConfig(AppConfig):
    name = "production"
    verbose_name = "Recipes and baking"

    def ready(self) -> None:
        from bakery.core.transfer.arrays import register_array
        from inventory.books import register_check
        from inventory.uses import register_use
        from production.books import check_runs
        from production.transfer import RUNS
        from production.uses import lines_without_conversion

        register_use(lines_without_conversion)
        register_check(check_runs)
        register_array(RUNS)
