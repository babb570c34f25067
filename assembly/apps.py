from django.apps import AppConfig


class AssemblyConfig(AppConfig):
    name = "assembly"

    def ready(self) -> None:
        from assembly.books import check_runs
        from assembly.transfer import RUNS
        from assembly.uses import lines_without_conversion
        from bakery.core.transfer.arrays import register_array
        from inventory.books import register_check
        from inventory.uses import register_use

        register_use(lines_without_conversion)
        register_check(check_runs)
        register_array(RUNS)
