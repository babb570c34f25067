"""`manage.py serve` starts the production server and says which address to open."""

import os
from ipaddress import ip_address

import pytest
from django.core.management import CommandError, call_command

from bakery.home.management.commands import serve


@pytest.fixture
def started(monkeypatch):
    """What would replace this process: the command line and the hosts it answers to."""
    seen = {}
    monkeypatch.setattr(os, "chdir", lambda folder: None)
    monkeypatch.setattr(os, "execv", lambda program, command: seen.update(command=command, hosts=hosts()))
    monkeypatch.setenv("BAKERY_HOSTS", "")
    monkeypatch.setattr("socket.gethostname", lambda: "Pantry.lan")
    monkeypatch.setattr(serve, "address_in_the_house", lambda: "192.168.1.20")
    return seen


def hosts():
    return os.environ["BAKERY_HOSTS"].split(",")


def test_it_serves_this_machine_unless_said_otherwise(started, capsys):
    call_command("serve")
    assert "open at http://127.0.0.1:8000/ " in capsys.readouterr().out
    assert started["command"][-3:] == ["--bind", "127.0.0.1:8000", "bakery.wsgi"]
    assert {"gthread", "--preload"} <= set(started["command"])
    assert "192.168.1.20" not in started["hosts"]


def test_for_the_phones_it_prints_the_address_in_the_house(started, capsys):
    call_command("serve", host="0.0.0.0", port=8123)
    said = capsys.readouterr().out
    assert "on this machine at http://127.0.0.1:8123/" in said
    assert "phones in the house at http://192.168.1.20:8123/" in said
    assert "keep it inside the house" in said
    assert {"localhost", "192.168.1.20", "pantry.lan", "pantry.local"} <= set(started["hosts"])


def test_hosts_chosen_by_hand_are_left_alone(started, monkeypatch):
    monkeypatch.setenv("BAKERY_HOSTS", "bakehouse.example.org")
    call_command("serve", host="0.0.0.0")
    assert started["hosts"] == ["bakehouse.example.org"]


def test_an_address_of_ipv6_stands_in_brackets(started, capsys):
    call_command("serve", host="::1")
    assert "http://[::1]:8000/" in capsys.readouterr().out
    assert started["command"][-2] == "[::1]:8000"


@pytest.mark.parametrize("port", ["0", "70000"])
def test_a_port_that_is_none_is_refused(started, port):
    with pytest.raises(CommandError, match="is not a port"):
        call_command("serve", f"--port={port}")
    assert not started


def test_the_address_in_the_house_is_one_of_this_machine():
    assert ip_address(serve.address_in_the_house()).version == 4
