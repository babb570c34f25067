"""`python -m proof.perform MODULE FUNCTION`: runs one function with Django set up, arguments and result as JSON."""

from __future__ import annotations

import importlib
import json
import sys

import django


def main() -> None:
    django.setup()
    module, function = sys.argv[1:]
    result = getattr(importlib.import_module(module), function)(**json.load(sys.stdin))
    print(json.dumps(result, default=str))


if __name__ == "__main__":
    main()
