"""Tests that run the images with podman or docker, on the node of tests/secured. `make containers` runs them."""
