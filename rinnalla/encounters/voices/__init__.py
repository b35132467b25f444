"""Voice boards: what people say in their own words, and the count of talks."""
