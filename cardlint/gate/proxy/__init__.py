"""The gate as a reverse proxy in front of a hub: judges what changes a repository, streams everything else through."""
