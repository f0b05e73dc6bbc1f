"""What jobs tell while they run: events, who writes them, who reads them."""
