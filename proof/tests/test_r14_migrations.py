"""R14: a migration killed in the middle is finished by the next start, and the books are what they were."""

from proof.sizes import size
from proof.upgrades import drop_a_trigger, kill_migrations


def test_a_migration_killed_anywhere_is_finished_by_the_next(database, reached):
    found = database.perform(kill_migrations, every=size(60, 4))
    assert found["wrong"] == []
    assert found["kills"] > 0
    reached(
        "R14 migrate killed",
        "finished by the next run, the ledger unchanged",
        f"{found['kills']} kills, 0 wrong",
    )


def test_a_trigger_that_is_gone_is_noticed(database):
    assert database.perform(drop_a_trigger) == 3
