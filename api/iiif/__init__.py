"""What the service knows, published as IIIF Presentation 3 and Content Search 2: pure functions, plain JSON."""
