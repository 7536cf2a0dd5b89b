"""Reading from packets which pictures nothing refers to; whether that is true, test_skipping.py
shows with whole clips."""

import pytest

from videostyle.video.references import Picture, PictureReader, Unknown, check_order

AVCC = bytes([1, 100, 0, 31, 0xFF, 0xE1]) + b"\x00\x04\x67SPS\x01\x00\x04\x68PPS"
HVCC = bytes([1, *range(20), 0x0F]) + b"\x42\x01SPS"


def packet(*units: bytes) -> memoryview:
    return memoryview(b"".join(len(unit).to_bytes(4, "big") + unit for unit in units))


def avc(ref_idc: int, kind: int = 1, first: bool = True) -> bytes:
    return bytes([ref_idc << 5 | kind, first << 7, 0])


def hevc(kind: int, layer: int = 0, first: bool = True, more: int = 0) -> bytes:
    return bytes([kind << 1, layer + 1, first << 7 | more])


def read_avc(*units):
    return PictureReader("h264", AVCC).read(packet(*units))


def read_hevc(*units):
    return PictureReader("hevc", HVCC).read(packet(*units))


def test_h264_says_it_in_every_slice():
    assert read_avc(avc(0)) == Picture(is_reference=False)
    assert read_avc(avc(1)) == Picture(is_reference=True)
    assert read_avc(b"\x09\xf0", b"\x06sei", avc(0), avc(0, first=False)) == Picture(False)
    assert read_avc(avc(0), avc(2, first=False)) == Picture(True)


@pytest.mark.parametrize(
    ("kind", "is_reference"), [(0, False), (1, True), (2, False), (8, False), (9, True), (21, True)]
)
def test_hevc_says_it_in_the_kind_of_unit(kind, is_reference):
    assert read_hevc(hevc(kind, layer=1)) == Picture(is_reference, layer=1)


@pytest.mark.parametrize(
    "units",
    [
        (avc(0, kind=20),),  # another view
        (avc(0), avc(0)),  # two pictures
        (b"\x06sei",),  # none
        (b"\x67other", avc(0)),  # other parameters
        (avc(0), b"\x0a"),  # the end of a sequence
        (b"\x01",),  # cut short
    ],
)
def test_nothing_is_claimed_of_other_h264(units):
    with pytest.raises(Unknown):
        read_avc(*units)


@pytest.mark.parametrize(
    "units",
    [
        (hevc(0), bytes([1, 1, 0x80])),  # another layer
        (hevc(19, more=0x40),),  # a key frame that throws away what hasn't been shown
        (hevc(0), bytes([36 << 1, 1])),
        (b"\x42\x01OTHER", hevc(0)),
    ],
)
def test_nothing_is_claimed_of_other_hevc(units):
    with pytest.raises(Unknown):
        read_hevc(*units)


def test_parameters_may_be_repeated():
    assert read_avc(b"\x67SPS", b"\x68PPS", avc(0)) == Picture(False)
    assert read_hevc(b"\x42\x01SPS", hevc(0)) == Picture(False)


def test_a_length_beyond_the_packet_is_damage():
    with pytest.raises(Unknown):
        PictureReader("h264", AVCC).read(memoryview(b"\x00\x00\x00\xff\x01\x80\x00"))


@pytest.mark.parametrize(
    ("codec", "extradata"), [("vp9", AVCC), ("h264", None), ("h264", b"\0\0\0\1\x67\x64\0\x1f")]
)
def test_other_codecs_and_forms_are_unknown(codec, extradata):
    with pytest.raises(Unknown):
        PictureReader(codec, extradata)


def test_fields_and_a_guessed_order_are_unknown():
    known = "x frame_mbs_only_flag     1 = 1\nx bitstream_restriction_flag   1 = 1\n"
    check_order("h264", known)
    for trace in (known.replace("only_flag     1 = 1", "only_flag  0 = 0"), known[:40], ""):
        with pytest.raises(Unknown):
            check_order("h264", trace)
