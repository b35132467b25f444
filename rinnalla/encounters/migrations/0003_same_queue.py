from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("encounters", "0002_count_methods")]

    operations = [
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
                    ("same_queue", "Same Queue"),
                ],
                max_length=16,
            ),
        ),
    ]
