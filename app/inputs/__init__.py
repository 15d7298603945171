"""Files that come in: tables, tags of software and bills of materials, read with care and never run."""
