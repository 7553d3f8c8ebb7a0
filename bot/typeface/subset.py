"""Makes NotoSansCJK.ttf, the typeface of pictures, from Noto Sans CJK.

    python3 subset.py /usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc NotoSansCJK.ttf

It needs fontTools, and the typeface as Debian's fonts-noto-cjk has it. What remains are
outlines of the characters that are in use: the whole typeface has 65,535 of them, and 19 MB.
"""

import sys

from fontTools import subset
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont, newTable

SIMPLIFIED_CHINESE = 2  # number of the typeface in the collection

# Latin, Greek, Cyrillic, punctuation, currencies, arrows, kana, full-width letters.
RANGES = [
    (0x20, 0x7E), (0xA0, 0x17F), (0x192, 0x192), (0x1A0, 0x1B0), (0x370, 0x3FF),
    (0x400, 0x45F), (0x490, 0x491), (0x1EA0, 0x1EF9), (0x2000, 0x206F), (0x20A0, 0x20BF),
    (0x2100, 0x214F), (0x2190, 0x2199), (0x2460, 0x2473), (0x25A0, 0x25FF),
    (0x3000, 0x30FF), (0xFF00, 0xFFEF),
]  # fmt: skip

# Rows and columns of the common characters in the sets of China, Taiwan, Korea and Japan.
SETS = [
    ("gb2312", range(0xA1, 0xF8), range(0xA1, 0xFF)),
    ("big5", range(0xA4, 0xC7), [*range(0x40, 0x7F), *range(0xA1, 0xFF)]),
    ("euc_kr", range(0xB0, 0xC9), range(0xA1, 0xFF)),
    ("euc_jp", range(0xB0, 0xD0), range(0xA1, 0xFF)),
]


def characters():
    """Returns the numbers of all characters to keep."""
    chars = {c for first, last in RANGES for c in range(first, last + 1)}
    for name, rows, columns in SETS:
        for row in rows:
            for column in columns:
                text = bytes([row, column]).decode(name, errors="ignore")
                if len(text) == 1:
                    chars.add(ord(text))
    return chars


def keep(font, chars):
    """Drops all other characters, hints, and what only typesetters use."""
    options = subset.Options()
    options.layout_features = []
    options.hinting = False
    options.name_IDs = [0, 1, 2, 4, 5, 6, 13, 14]
    options.notdef_outline = True
    options.drop_tables += ["GSUB", "GPOS", "BASE", "VORG", "vhea", "vmtx", "GDEF"]
    options.desubroutinize = True
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=chars)
    subsetter.subset(font)


def as_truetype(font):
    """Replaces the cubic outlines by quadratic ones, which more libraries read."""
    glyph_set, order, glyphs = font.getGlyphSet(), font.getGlyphOrder(), {}
    for name in order:
        pen = TTGlyphPen(glyph_set)
        glyph_set[name].draw(Cu2QuPen(pen, 1.5, reverse_direction=True))
        glyphs[name] = pen.glyph()
    del font["CFF "]
    font["loca"] = newTable("loca")
    font["glyf"] = glyf = newTable("glyf")
    glyf.glyphOrder, glyf.glyphs = order, glyphs
    maxp = font["maxp"]
    maxp.tableVersion = 0x00010000
    for field in (
        "maxTwilightPoints maxStorage maxFunctionDefs maxInstructionDefs maxStackElements"
        " maxSizeOfInstructions maxComponentElements"
    ).split():
        setattr(maxp, field, 0)
    maxp.maxZones = 1
    font["post"].formatType = 3.0
    font["head"].glyphDataFormat = 0
    font.sfntVersion = "\x00\x01\x00\x00"


font = TTFont(sys.argv[1], fontNumber=SIMPLIFIED_CHINESE, lazy=False)
keep(font, characters())
as_truetype(font)
font.save(sys.argv[2])
