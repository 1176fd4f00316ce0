"""Cuts the terminal's fonts out of Noto Sans CJK (Hong Kong forms). Called by make.sh.

Regular holds what a shop may want to say: Latin, punctuation, every character of Big5 level 1, and the Hong Kong core
of the International Ideographs Core (Unihan kIICore "H"), which brings the Cantonese and place-name characters of
HKSCS. Bold holds Latin, digits, and exactly the characters that the locale files use.
"""

import bz2
import pathlib
import subprocess
import sys

HONG_KONG = 4  # the face's place in the .ttc

# Forms that Hong Kong shops write beside those of the core: 峯 for 峰, 麪 for 麵, 鷄 for 雞, and the like.
SHOP_SIGNS = "峯麪鷄説爲喐煑啓茘蓆床粧綫裡群峰麵雞"

LATIN = [
    range(0x20, 0x7F), range(0xA0, 0x180),  # ASCII, Latin-1, Latin Extended-A
    range(0x2010, 0x2028), range(0x2030, 0x203F), range(0x20A0, 0x20C0),  # dashes, quotes, currency
    range(0x2150, 0x2160), range(0x2190, 0x219A), range(0x2460, 0x2474),  # fractions, arrows, ①-⑳
]
SYMBOLS = "×÷±≤≥≈≠∞√№℃℉™℠■□▲△▼▽◆◇○◎●★☆♀♂✓✔✕✗❤☎♪"
CJK_SIGNS = [range(0x3000, 0x3020), range(0xFE30, 0xFE50), range(0xFF01, 0xFF5F), range(0xFFE0, 0xFFE7)]


def big5_level_1():
    """The 5,401 characters of Big5 that everyday Chinese needs, and Big5's signs."""
    for high in range(0xA1, 0xC7):
        for low in [*range(0x40, 0x7F), *range(0xA1, 0xFF)]:
            try:
                yield bytes([high, low]).decode("big5")
            except UnicodeDecodeError:
                pass


def hong_kong_core(root):
    """What Unihan's kIICore marks with H: the characters that Hong Kong named as its core."""
    path = root / "usr/share/unicode/Unihan_IRGSources.txt.bz2"
    for line in bz2.open(path, "rt", encoding="utf-8"):
        fields = line.rstrip("\n").split("\t")
        if len(fields) == 3 and fields[1] == "kIICore" and "H" in fields[2]:
            yield chr(int(fields[0][2:], 16))


def text_of(characters):
    return "".join(sorted(set(characters)))


def cut(root, weight, characters, output):
    source = root / f"usr/share/fonts/opentype/noto/NotoSansCJK-{weight}.ttc"
    listed = root / f"{weight}.txt"
    listed.write_text(characters, encoding="utf-8")
    subprocess.run(
        [
            "pyftsubset", source, f"--font-number={HONG_KONG}", f"--text-file={listed}", f"--output-file={output}",
            "--no-hinting", "--layout-features=", "--drop-tables+=BASE,GDEF,GPOS,GSUB,VORG,vhea,vmtx",
            "--name-IDs=0,1,2,3,4,5,6,13,14", "--notdef-outline", "--no-recalc-timestamp", "--canonical-order",
        ],
        check=True,
    )
    print(f"{output}: {len(characters)} characters asked for, {output.stat().st_size:,} bytes")


def main():
    root, which = pathlib.Path(sys.argv[1]), sys.argv[2]
    here = pathlib.Path(__file__).parent
    latin = [chr(code) for block in LATIN for code in block] + list(SYMBOLS)
    if which == "both":
        signs = [chr(code) for block in CJK_SIGNS for code in block]
        regular = text_of([*latin, *signs, *big5_level_1(), *hong_kong_core(root), *SHOP_SIGNS])
        cut(root, "Regular", regular, here / "NotoSansCJKhk-Regular.subset.otf")
    said = "".join(path.read_text(encoding="utf-8") for path in sorted((here / "../locales").glob("*.ftl")))
    ascii_and_signs = [chr(code) for code in range(0x20, 0x7F)] + list("×·–—’“”…→←↑↓✓HK$¥€£")
    bold = text_of([*ascii_and_signs, *(c for c in said if c > " ")])
    cut(root, "Bold", bold, here / "NotoSansCJKhk-Bold.subset.otf")


main()
