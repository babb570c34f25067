"""R6: the same form sent by many at once counts once."""

from proof.contests import send_together
from proof.sizes import size


def test_a_key_sent_by_eight_at_once_is_applied_once(database, reached):
    keys = size(20, 500)
    found = database.perform(send_together, keys=keys, senders=8)
    assert found["errors"] == found["faults"] == []
    assert found["applied"] == found["keys"] == keys
    reached("R6 one key, one bake", f"{keys} keys × 8 at once: {keys} applied", f"{found['applied']} applied")


def test_a_form_that_forgets_its_key_is_noticed(database):
    found = database.perform(send_together, keys=3, senders=4, is_forgetful=True)
    assert found["applied"] == 12 and found["keys"] == 0
