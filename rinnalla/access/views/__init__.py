"""What each page of this room does: who, what, do, answer."""
