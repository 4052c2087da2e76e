from django.forms.renderers import DjangoTemplates


class PortalRenderer(DjangoTemplates):
    """Render every field and form through templates/forms/, so that each is accessible in the same way."""

    form_template_name = "forms/form.html"
    field_template_name = "forms/field.html"
