"""Images: fetching, cropping and perceptual hashes."""
