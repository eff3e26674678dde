"""The results of an audit as pages: a static site that opens from disk, and the same over HTTP."""
