"""What a picture is: learnt from people's labels, kept as plain arrays."""
