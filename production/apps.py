from django.apps import AppConfig


class ProductionConfig(AppConfig):
    name = "production"
    verbose_name = "Recipes and baking"

    def ready(self) -> None:
        from bakery.core.transfer.arrays import register_array
        from inventory.books import register_check
        from inventory.uses import register_users
        from production.books import check_runs
        from production.transfer import RUNS
        from production.uses import lines_asking_for

        register_users(lines_asking_for)
        register_check(check_runs)
        register_array(RUNS)
