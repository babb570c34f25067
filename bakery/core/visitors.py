"""Where a request comes from, as far as that can be trusted."""

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest

FORWARDING_HEADERS = ("HTTP_FORWARDED", "HTTP_X_FORWARDED_FOR", "HTTP_X_REAL_IP", "HTTP_VIA")


def client_address(request: HttpRequest) -> str:
    """Return the address of the visitor, looking past our own proxies and past no other.

    Each proxy appends the address it was called from, so that with n proxies of ours the n-th
    address from the right is the last that nobody outside could have written.
    """
    address = request.META.get("REMOTE_ADDR", "")
    if settings.PROXIES:
        forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
        if len(forwarded) >= settings.PROXIES:
            return forwarded[-settings.PROXIES].strip() or address
    return address


def is_this_machine(request: HttpRequest) -> bool:
    """Return whether the request was made on the machine that serves it.

    Whatever passed through a proxy is not: behind one on the same machine, every stranger
    would seem to call from 127.0.0.1.
    """
    if any(header in request.META for header in FORWARDING_HEADERS):
        return False
    try:
        return ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False
