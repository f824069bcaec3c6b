"""Small pictures with all the metadata a phone writes."""

import io
import zlib

from PIL import Image

from desktop.services.attaching.cleaning import cleaned, media_type_of

PLACE = b"GPS-25.7412N-112.7339E"


def exif(orientation: int) -> bytes:
    found = Image.Exif()
    found[0x0112] = orientation
    found[0x010F] = PLACE.decode()
    found.get_ifd(0x8825)[0x001D] = PLACE.decode()
    return found.tobytes()


def picture(colour: int = 0) -> Image.Image:
    image = Image.new("RGB", (64, 48))
    image.putdata([(x * 4 % 256, y * 5 % 256, colour) for y in range(48) for x in range(64)])
    return image


def jpeg(orientation: int = 1, *, progressive: bool = False) -> bytes:
    target = io.BytesIO()
    options = {"exif": exif(orientation), "comment": b"comment " + PLACE, "icc_profile": b"profile" * 20}
    picture().save(target, "JPEG", quality=90, progressive=progressive, xmp=b"<x:xmpmeta>" + PLACE, **options)
    return target.getvalue() + b"MotionPhoto" + PLACE


def png(orientation: int = 1) -> bytes:
    target = io.BytesIO()
    picture().save(target, "PNG", exif=exif(orientation))
    data = target.getvalue()
    text = b"tEXtComment\0" + PLACE
    chunk = (len(text) - 4).to_bytes(4, "big") + text + zlib.crc32(text).to_bytes(4, "big")
    return data[:33] + chunk + data[33:] + PLACE


def clean(data: bytes) -> bytes:
    """What is kept of a file."""
    source = io.BytesIO(data)
    return b"".join(cleaned(source, media_type_of(source, "x.bin")))
