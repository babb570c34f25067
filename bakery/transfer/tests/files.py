"""Files as the tests look at them."""

import io
import re

from bakery.transfer.exporting import export


def exported() -> str:
    """The bakery as a file, without the moment it was written."""
    stream = io.StringIO()
    export(stream)
    return re.sub(r'"exported_at": "[^"]*"', '"exported_at": ""', stream.getvalue(), count=1)
