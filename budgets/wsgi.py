"""What an application server loads: `granian --interface wsgi budgets.wsgi:application`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "budgets.settings")
application = get_wsgi_application()
