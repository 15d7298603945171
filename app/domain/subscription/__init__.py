"""What an organisation subscribes to: its seats, and who has them."""
