"""R12: a backup made while people bake is right, and can be put back. The drill itself: bakery/backup/tests."""

from proof.copies import back_up_while_baking, back_up_wrong_books
from proof.sizes import size


def test_backups_made_while_people_bake_are_right(database, reached):
    # PostgreSQL opens each copy in a database made for it, which takes a second.
    backups = size(5, 500) if database.kind == "sqlite" else size(2, 15)
    found = database.perform(back_up_while_baking, backups=backups, writers=2)
    assert found["faults"] == []
    assert found["backups"] == backups
    assert found["baked_meanwhile"] > 0
    reached(
        "R12 live backups",
        f"{backups} during writing, each opened and verified, the last put back",
        f"{found['backups']} right, median {found['median'] * 1000:.0f} ms, {found['baked_meanwhile']} bakes meanwhile",
    )


def test_a_backup_of_wrong_books_is_noticed(database):
    assert "Rule 1" in database.perform(back_up_wrong_books)
