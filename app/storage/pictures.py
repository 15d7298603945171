"""Pictures as they are kept: upright, small enough for a page, and without what the camera wrote beside them."""

import io
from typing import BinaryIO

import pillow_heif
from PIL import ExifTags, Image, ImageFile, ImageOps

pillow_heif.register_heif_opener()

EXTENSIONS = ("jpg", "jpeg", "png", "webp", "heic", "heif")
FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")
MOST_PIXELS = 60_000_000
"""More than the cameras of telephones take; a picture says how many it has before one of them is decoded."""
LONGEST_SIDE = 1600


class PictureError(ValueError):
    """What was sent is no picture that can be kept; says why."""


def as_jpeg(content: BinaryIO, longest: int = LONGEST_SIDE) -> io.BytesIO:
    """A picture as a JPEG of at most 1600 pixels a side, or fewer: no place, no camera, no thumbnail goes with it.

    Raises `PictureError` for what is no picture, for one of too many pixels, and for one that is cut off.
    """
    # WeasyPrint, once imported, lets the whole process take pictures that are cut off.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    content.seek(0)
    try:
        with Image.open(content, formats=FORMATS) as picture:
            width, height = picture.size
            if width * height > MOST_PIXELS:
                raise PictureError(f"It has {width} by {height} pixels: too many. Make it smaller first.")
            # Of a JPEG, no more is decoded than is needed.
            picture.draft("RGB", (longest * 2, longest * 2))
            upright = ImageOps.exif_transpose(picture)
            upright.thumbnail((longest, longest))
            kept = io.BytesIO()
            _on_white(upright).save(kept, "JPEG", quality=85, optimize=True)
    except PictureError:
        raise
    except Image.DecompressionBombError:
        raise PictureError("It has too many pixels. Make it smaller first.") from None
    except Exception:
        # What a damaged picture raises hangs on its format and on the place of the damage.
        raise PictureError("It is no picture that can be read, or it is damaged.") from None
    kept.seek(0)
    return kept


def _on_white(picture: Image.Image) -> Image.Image:
    """Without transparency, and as new pixels alone: nothing that stood beside the old ones is taken along."""
    whole = picture.convert("RGBA")
    paper = Image.new("RGB", whole.size, "white")
    paper.paste(whole, mask=whole.getchannel("A"))
    return paper


def told_beside(content: BinaryIO) -> tuple[str, ...]:
    """What a picture tells beside its pixels: `place`, `camera`, both or nothing; a damaged one tells nothing."""
    content.seek(0)
    try:
        with Image.open(content, formats=FORMATS) as picture:
            written, packet = picture.getexif(), picture.info.get("xmp", b"")
            beside = packet if isinstance(packet, bytes) else str(packet).encode()
            place = bool(written.get_ifd(ExifTags.IFD.GPSInfo)) or b"GPSLatitude" in beside
            named = (ExifTags.Base.Make, ExifTags.Base.Model, ExifTags.Base.Software, ExifTags.Base.DateTime)
            camera = bool(written.get_ifd(ExifTags.IFD.Exif)) or any(tag in written for tag in named)
    except Exception:
        # Whether it can be kept at all is said by whoever reads its pixels.
        return ()
    return tuple(word for word, told in (("place", place), ("camera", camera)) if told)
