from django.db import migrations, models
from django.db.models import Q

CODED = ["topic", "method", "result"]


class Migration(migrations.Migration):
    dependencies = [("encounters", "0001_first")]

    operations = [
        migrations.RemoveConstraint("count", "count_code_where_it_belongs"),
        migrations.AlterField(
            "count",
            "kind",
            models.CharField(
                choices=[
                    ("met", "Met"),
                    ("guided", "Guided"),
                    ("declined", "Declined"),
                    ("matter_opened", "Matter Opened"),
                    ("attended", "Attended"),
                    ("topic", "Topic"),
                    ("method", "Method"),
                    ("result", "Result"),
                    ("new", "New"),
                    ("returning", "Returning"),
                ],
                max_length=16,
            ),
        ),
        migrations.AddConstraint(
            "count",
            models.CheckConstraint(
                condition=Q(kind__in=CODED) | Q(code=""),
                name="count_code_where_it_belongs",
            ),
        ),
    ]
