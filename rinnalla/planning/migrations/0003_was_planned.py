from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("planning", "0002_made_file"),
    ]

    operations = [
        migrations.AddField(
            model_name="visit",
            name="was_planned",
            field=models.BooleanField(default=True),
        ),
    ]
