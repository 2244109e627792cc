"""Our own service of the IIIF Image API 3: where pixels are, cutting, a cache on disk, and limits."""
