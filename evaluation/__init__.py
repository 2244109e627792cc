"""`frontispiece evaluate`: measures the service's search and classifier; an extra that no other package imports."""
