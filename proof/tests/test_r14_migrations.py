"""R14: a migration killed in the middle is finished by the next start, and the books are what they were."""

import pytest

from proof.sizes import full_only, size
from proof.upgrades import kill_migrations


def test_a_migration_killed_anywhere_is_finished_by_the_next(database, reached):
    found = database.perform(kill_migrations, points=size(3, 16))
    assert found["wrong"] == []
    assert found["states"] > 1
    reached(
        "R14 migrate killed",
        "finished by the next run, the ledger unchanged",
        f"{found['kills']} kills in {found['statements']} statements, {found['states']} states left, 0 wrong",
    )


@full_only
@pytest.mark.parametrize(
    ("sabotage", "points", "fault"),
    [("torn", 10, "already exists"), ("unguarded", 3, "3 triggers"), ("lot", 3, "the ledger has changed")],
)
def test_a_migration_that_is_wrong_is_noticed(database, sabotage, points, fault):
    found = database.perform(kill_migrations, points=points, sabotage=sabotage)
    assert any(fault in sentence for sentence in found["wrong"]), found
