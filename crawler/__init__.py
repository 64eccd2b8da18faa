"""The crawler: from a document's citations to pages, and from pages to verdicts in the database."""
