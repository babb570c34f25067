"""R4: ended at any of its statements, a service has done all or nothing."""

from proof.kills import end_everywhere, not_covered
from proof.sizes import size


def test_every_service_that_writes_is_tried(database):
    assert database.perform(not_covered) == []


def test_a_service_ended_at_any_statement_leaves_nothing_half(database, reached):
    found = database.perform(end_everywhere, points=size(3, 60))
    assert found["torn"] == found["faults"] == []
    reached(
        "R4 at every statement",
        "kill -9 and a failure at every statement of every service: 0 torn",
        f"{found['services']} services, {found['kills']} kills, {found['failures']} failures, 0 torn",
    )


def test_a_service_without_a_transaction_is_noticed(database):
    found = database.perform(end_everywhere, points=30, is_torn=True)
    assert found["torn"] != []
