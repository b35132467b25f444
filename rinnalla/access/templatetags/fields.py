"""Form fields in the look of the house."""

from django import template

register = template.Library()


@register.filter
def styled(bound):
    """The field's widget as the style kit draws it, without a placeholder."""
    bound.field.widget.attrs.setdefault("class", "ds-input")
    bound.field.widget.attrs.pop("placeholder", None)
    return bound


@register.filter
def said_above(bound):
    """A new password's field without the framework's list: the page says it above."""
    if bound.name == "password1":
        bound.help_text = ""
    return bound
