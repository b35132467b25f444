from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("encounters", "0004_import_steps"),
    ]

    operations = [
        migrations.AlterField(
            model_name="importbatch",
            name="state",
            field=models.CharField(
                choices=[
                    ("received", "Received"),
                    ("read", "Read"),
                    ("checking", "Checking"),
                    ("checked", "Checked"),
                    ("staging", "Staging"),
                    ("done", "Done"),
                    ("refused", "Refused"),
                    ("undoing", "Undoing"),
                    ("undone", "Undone"),
                ],
                max_length=8,
            ),
        ),
    ]
