from django.apps import AppConfig


class AssemblyConfig(AppConfig):
    name = "assembly"

    def ready(self) -> None:
        from assembly.books import check_runs
        from assembly.transfer import RUNS
        from assembly.uses import lines_asking_for
        from bakery.core.transfer.arrays import register_array
        from inventory.books import register_check
        from inventory.uses import register_users

        register_users(lines_asking_for)
        register_check(check_runs)
        register_array(RUNS)
