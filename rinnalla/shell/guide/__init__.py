"""The short guide inside the app: a few warm steps a role, with pictures."""
