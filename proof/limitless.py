"""A planted fault: the settings without what keeps files and endless forms out (S7)."""

from bakery.settings import *  # noqa: F403

FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 2**40
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2**40
