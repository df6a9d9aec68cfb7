"""Charts where a map is not the answer; each returns a `Sheet` with its caption."""
