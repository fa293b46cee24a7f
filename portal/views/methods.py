"""What a page may be asked for."""

from django.views.decorators.http import require_http_methods

#: To be shown, and to take a form.
PAGES = require_http_methods(["GET", "HEAD", "POST"])
