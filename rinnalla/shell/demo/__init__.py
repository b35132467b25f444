"""The invented county of the demo. Every person, organisation and figure is made up."""
