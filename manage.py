#!/usr/bin/env python3
"""Run one of Rinnalla's commands: `python manage.py help` lists them."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rinnalla.settings")
    execute_from_command_line(sys.argv)
