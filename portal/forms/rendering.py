"""How every form of the portal is drawn: Django's own form rendering, with GOV.UK Frontend's markup.

Only the form's and the field's templates are ours; the controls stay Django's, so that Django admin, which draws its
controls itself, is not touched.
"""

from __future__ import annotations

from django.forms.renderers import DjangoTemplates


class PortalRenderer(DjangoTemplates):
    """``{{ form }}`` gives the fields with labels, hints and errors; ``{% error_summary form %}`` gives the summary."""

    form_template_name = "portal/form/form.html"
    field_template_name = "portal/form/field.html"
    formset_template_name = "portal/form/formset.html"
