"""One module a command: what `cli` calls. Each translates arguments; the work is done elsewhere."""
