"""The rules of the wide keys of spelling, by group of languages; `core.words.spelling` applies them in order."""

import re
from collections.abc import Sequence

Rule = tuple[re.Pattern[str], str]


def build_rules(*pairs: tuple[str, str]) -> Sequence[Rule]:
    """Compile pairs of a pattern and its replacement."""
    return tuple((re.compile(pattern), replacement) for pattern, replacement in pairs)


NORDIC = build_rules(
    (r"(?<=aa)e\b|(?<=[åøöo])e\b", ""),
    (r"aa|å", "å"), (r"ae|ä|æ|é", "e"), (r"oe|ö|œ", "ø"), (r"ü", "y"),
    (r"ph", "f"), (r"[td]h|dt", "t"), (r"ch(?=[lr])|ck|ch\b", "k"), (r"c(?=[aoulnrtks])|q(?=[uvw])|c\b", "k"),
    (r"(?<=k)[uw](?=[aeiåøy])", "v"), (r"x", "ks"), (r"t?z|c(?=[eiy])|ß", "s"), (r"w", "v"),
    (r"j|(?<=[aeiouyåøö])y", "i"), (r"\bhv", "v"), (r"efter", "etter"), (r"fv|ffv", "v"), (r"ll(?=i[eo])", "l"),
    (r"([eiou])\1", r"\1"), (r"(?<=[kgs])i(?=[eøåiu])", ""),
    (r"ei(?=[bdfgklmnprstv])", "e"), (r"(?:au|øi)(?=[bdfgklmnprstv])", "ø"),
    (r"tion", "sion"), (r"([nl])\1(?=t)", r"\1"), (r"n[nd](?![rt])", "N"), (r"l[ld](?![rt])", "L"),
    (r"(?<=[aeiouyåø])f(?![ft])", "v"), (r"(?<=[aeiouyåø])b", "p"),
    (r"(?<=[aeiouyåø])d", "t"), (r"(?<=[aeiouyåø])g", "k"),
    (r"([^nl])\1", r"\1"), (r"(?<=\w{3})e\b", ""),
)  # fmt: skip
"""Norwegian, Danish, Swedish: bog/bok, baad/båt, Gade/gate, Mand/mann, hvit/vit, stein/sten, haust/høst.

N and L are nd and nn, ld and ll: Mand and mann are one word, Hund and hun are two."""

NORDIC_LAST_DOUBLE = build_rules((r"nn\b", "n"), (r"ll\b", "l"))
"""Danish does not double a last consonant: venn is also Ven, spill is also Spil."""

GERMAN = build_rules(
    (r"air\b", "är"), (r"ae|ä", "e"), (r"oe|œ", "ö"), (r"ue(?=\w)", "ü"), (r"ß", "ss"),
    (r"ph", "f"), (r"[td]h|dt", "t"), (r"tz", "z"), (r"ck", "k"), (r"\bch(?=[aoulr])", "k"),
    (r"cc(?=[eiyö])", "kz"), (r"c(?=[eiyö])", "z"), (r"c(?!h)", "k"), (r"kk", "k"), (r"(?<=[cdkpt])ul(?=n?s?\b)", "el"),
    (r"[jy]", "i"), (r"ie", "i"), (r"aa", "a"), (r"ee", "e"), (r"oo", "o"), (r"(?<=u)mb(?![aeiouür])", "m"),
    (r"([^aeiou])\1(?![aeiouöü])", r"\1"), (r"(?<=\w{3})e\b", ""),
)  # fmt: skip
"""German, Dutch: Theil/Teil, seyn/sein, Concert/Konzert, redigirt/redigiert, Articul/Artikel, Krafft/Kraft, vil/viel.

Double consonants between vowels stay: Mitte is not Miete."""

ENGLISH = build_rules(
    (r"[uv]{2}", "w"), (r"v", "u"), (r"æ|ae", "e"), (r"ph", "f"), (r"ch(?=r)", "c"), (r"\bgrey", "gray"),
    (r"ooe", "oe"), (r"\bi(?=m[bp](?!r)|n[cdfgjlqr])", "e"), (r"xion", "ction"), (r"(?<=\w{2})our", "or"),
    (r"(?<=\w{3})ck(?=s?\b)", "c"), (r"(?<=\w{2})(?:ie(?=s?\b)|ey(?=s\b))|(?<=\w{3})ey\b", "y"),
    (r"(?<=[xk])ed\b", "t"), (r"pped\b", "pt"), (r"(?<=\w{3}[iy])z(?=[aei])", "s"),
    (r"(?<=[^aeiouyr\W])re\b", "er"), (r"y(?=\w)", "i"), (r"(?<=\w{4})ll(?=e[drn]|i)", "l"),
    (r"([bdfglmnprst])\1e\b", r"\1"), (r"(?<=\w{2})ll\b", "l"),
    (r"(?<=[bcdfklmnprtw][bdfkmnpt])e\b", ""), (r"(?<=(?:ee|oo|oa|ea|ai|oi|ow|aw)[dfklmnpt])e\b", ""),
    (r"(?<=oi)le\b", "l"), (r"(?<=[dg]o)e\b", ""), (r"([bdg])\1\b", r"\1"),
)  # fmt: skip
"""Publick/public, usefull/useful, honestie/honesty, kinde/kind, oyle/oil, colour/color, theatre/theater, mixt/mixed.

A last e is not dropped after one vowel and consonant: hate is not hat."""

FRENCH = build_rules(
    (r"ã(?=[bmp])", "am"), (r"ã", "an"), (r"õ(?=[bmp])", "om"), (r"õ", "on"), (r"ẽ(?=[bmp])", "em"), (r"ẽ", "en"),
    (r"œ", "oe"), (r"s[çc](?=[aou])", "s"), (r"ph", "f"), (r"th", "t"), (r"cogn", "conn"),
    (r"(?:(?<=\w{3})|(?<=[aeéio]\w))oi(?=[st]\b|ent\b)", "ai"), (r"(?<=[nr])o[iî](?=ss|s?tr)", "ai"), (r"y", "i"),
    (r"[zx]\b", "s"), (r"(?<=i)ct|(?<=in)ct", "t"), (r"(?<=[jf]e)ct\b", "t"), (r"(?<=pra)ct", "t"),
    (r"aul(?=[^aeioy\W])", "au"), (r"ad(?=[vu][eio])", "a"), (r"uei", "eui"),
    (r"(?<=\w{2}[ae]n)ts?\b", "s"), (r"(?<=\w{2}[ae]n)\b", "s"), (r"[jï]", "i"), (r"v", "u"),
    (r"[âàá]", "a"), (r"[éèêë]", "e"), (r"[îï]", "i"), (r"ô", "o"), (r"[ûù]", "u"), (r"([^s])\1", r"\1"),
)  # fmt: skip
"""Avoit/avait, luy/lui, loix/lois, laict/lait, enfans/enfants, cognoissant/connaissant, souuent/souvent, cõme/comme."""

FRENCH_LOST_S = build_rules(
    (r"\bé(?=[bcdfglmnpqrtv])", "es"), (r"(?<=\b[dmrt])é(?=[bcflmpqtv])", "es"),
    (r"ê", "es"), (r"â", "as"), (r"î", "is"), (r"ô", "os"), (r"û", "us"),
)  # fmt: skip
"""An s that modern French writes as an accent: estoile/étoile, teste/tête, hostel/hôtel, despit/dépit."""
