"""What stands beside a picture: where it comes from, editing it, writing it as kohya reads it."""
