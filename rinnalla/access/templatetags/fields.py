"""Form fields in the look of the house."""

from django import template

register = template.Library()


@register.filter
def styled(bound):
    """The field's widget with the class the style kit draws."""
    bound.field.widget.attrs.setdefault("class", "ds-input")
    return bound
