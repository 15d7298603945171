"""What an audit finds, and how what was not met comes to its end."""
