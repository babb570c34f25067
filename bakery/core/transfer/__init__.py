"""Rows as files: the engine behind export and import. What a row looks like, each app says in its `transfer`."""
