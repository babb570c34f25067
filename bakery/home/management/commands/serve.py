"""`manage.py serve`: the production server, and the address to open."""

import os
import socket
import sys
from ipaddress import ip_address
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

# One more than the cores of a small machine: while one waits for the disk the others work.
# Loaded once and then forked: a worker that takes the place of another is there at once.
WORKERS = ["--worker-class", "gthread", "--workers", "3", "--threads", "4", "--preload"]
LIMITS = ["--timeout", "30", "--graceful-timeout", "15", "--no-control-socket"]
EVERYWHERE = {"0.0.0.0", "::"}


class Command(BaseCommand):
    help = "Serves Bakehouse with gunicorn and says which address to open."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--host", default="127.0.0.1", help="0.0.0.0 also serves the phones in the house."
        )
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *args: Any, **options: Any) -> None:
        host, port = options["host"], options["port"]
        if not 0 < port < 65536:
            raise CommandError(f"{port} is not a port: choose one from 1 to 65535.")
        address = address_in_the_house() if host in EVERYWHERE else host
        if not os.environ.get("BAKERY_HOSTS"):
            # Without a list of its own the server answers to the names this machine has.
            os.environ["BAKERY_HOSTS"] = ",".join(
                dict.fromkeys([*settings.ALLOWED_HOSTS, *names_of(host, address)])
            )
        if host in EVERYWHERE:
            self.stdout.write(f"Bakehouse is open on this machine at http://127.0.0.1:{port}/")
            self.stdout.write(f"and for the phones in the house at http://{address}:{port}/")
            self.stdout.write("It speaks plain http: keep it inside the house. Ctrl+C closes it.")
        else:
            self.stdout.write(f"Bakehouse is open at http://{bracketed(host)}:{port}/  Ctrl+C closes it.")
        self.stdout.flush()
        bind = ["--bind", f"{bracketed(host)}:{port}"]
        command = [sys.executable, "-m", "gunicorn", *WORKERS, *LIMITS, *bind, "bakery.wsgi"]
        os.chdir(settings.BASE_DIR)
        os.execv(sys.executable, command)


def names_of(host: str, address: str) -> list[str]:
    if host not in EVERYWHERE:
        return [bracketed(host)]
    name = socket.gethostname().lower()
    return [bracketed(address), name, f"{name.split('.')[0]}.local"]


def address_in_the_house() -> str:
    """Return the address other devices find this machine under, as far as it knows."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            # Choosing a route sends nothing; the address is one reserved for documentation.
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return "127.0.0.1"
        return str(probe.getsockname()[0])


def bracketed(host: str) -> str:
    """Return a host as it stands in an address: IPv6 in brackets."""
    try:
        return f"[{host}]" if ip_address(host).version == 6 else host
    except ValueError:
        return host
