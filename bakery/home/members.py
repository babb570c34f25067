"""The people of the household: who may come in, and who decides who may.

An admin has `is_staff` and `is_superuser`, everybody else is a member. People are deactivated,
never deleted, because what they recorded keeps their name.
"""

import logging

from django.contrib.auth.models import User
from django.contrib.auth.tokens import default_token_generator
from django.db import transaction
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from bakery.core.errors import InvalidValueError, NotFoundError

security_log = logging.getLogger("bakery.security")


def create_owner(user: User) -> User:
    """Save the first account, as an admin. Raises InvalidValueError once there is one."""
    with transaction.atomic():
        if User.objects.exists():
            raise InvalidValueError("This bakehouse has its owner already: log in instead.")
        user.is_staff = user.is_superuser = True
        user.save()
    security_log.info("%s became the owner", user)
    return user


def invite_member(*, username: str, name: str, is_admin: bool, by: User) -> User:
    """Create an account without a password; `invitation_path` leads to where it is set."""
    user = User(username=username, first_name=name, is_staff=is_admin, is_superuser=is_admin)
    user.set_unusable_password()
    user.save()
    security_log.info("%s invited %s as %s", by, user, "admin" if is_admin else "member")
    return user


def invitation_path(user: User) -> str:
    """Return the path where this person sets a password: good once, and for three days."""
    return reverse(
        "set_password",
        args=[urlsafe_base64_encode(force_bytes(user.pk)), default_token_generator.make_token(user)],
    )


def set_active(*, user_id: int, is_active: bool, by: User) -> User:
    """Let somebody in, or keep them out from now on. The last admin stays."""
    return _change(user_id, by, is_active=is_active)


def set_admin(*, user_id: int, is_admin: bool, by: User) -> User:
    """Make somebody an admin, or a member again. The last admin stays."""
    return _change(user_id, by, is_staff=is_admin, is_superuser=is_admin)


def get_member(user_id: int) -> User:
    user = User.objects.filter(pk=user_id).first()
    if user is None:
        raise NotFoundError("There is no such member.")
    return user


@transaction.atomic
def _change(user_id: int, by: User, **changes: bool) -> User:
    # All of them are locked, so that two admins cannot demote one another at once.
    users = {user.pk: user for user in User.objects.select_for_update().order_by("pk")}
    user = users.get(user_id)
    if user is None:
        raise NotFoundError("There is no such member.")
    for field, value in changes.items():
        setattr(user, field, value)
    if not any(other.is_active and other.is_superuser for other in users.values()):
        raise InvalidValueError(
            f"{user.get_username()} is the only admin: make somebody else an admin first."
        )
    user.save(update_fields=list(changes))
    security_log.info("%s changed %s: %s", by, user, changes)
    return user
