import os
from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bakery.settings")
application = get_wsgi_application()
import_module(
    settings.ROOT_URLCONF
)  # with all views, before the workers are forked: who asks first does not wait
