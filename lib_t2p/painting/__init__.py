"""What a picture to be painted is: cell request, result, painter Protocol. Stdlib only."""
