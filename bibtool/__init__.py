"""Turn curated paper lists into one .bib file and ready-made reference sections."""

__version__ = "0.1.0"
