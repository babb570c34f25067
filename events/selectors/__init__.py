"""What the pages of events show: reads only, for many events at once, a constant number of statements each."""
