"""What an application server loads: `granian --interface wsgi budgets.wsgi:application`."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "budgets.settings")
application = get_wsgi_application()
gc.collect()
gc.freeze()  # what is loaded stays: the collections of a request need not walk it (a fifth of a large desk page)
