"""The mean colour of a picture, which pages show in its place until it is loaded."""

from PIL.Image import Image, Resampling


def mean_colour(image: Image) -> str:
    """Return the mean colour of an RGB image as six hexadecimal digits."""
    red, green, blue = image.resize((1, 1), Resampling.BOX).tobytes()
    return f"{red:02x}{green:02x}{blue:02x}"
