"""A refresh of a few works, done on these alone.

Where all files are as the last run left them, only new answers can change anything, and only for
the rows that share a name with what is asked about. `register.py` is what a run leaves to find
these rows by, `part.py` takes them out and puts back what became of them, and `run.py` is the
journey. Wherever others may be concerned, the whole run of `sync.py` does it all.
"""
