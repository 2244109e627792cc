"""Whether a role in a catalogue record makes a name an author of the book.

Authors are all who made the text, the music or the pictures: writers, illustrators, engravers, photographers, editors,
translators. Owners, donors, dedicatees, addressees, binders, scribes, printers and publishers are none.
"""

import re
from collections.abc import Iterable

from core.text import fold_letters


def _read_words(*lists: str) -> tuple[str, ...]:
    """Return the words of several lists in their order."""
    return tuple(word for words in lists for word in words.split())


AUTHOR_CODES = frozenset(
    _read_words(
        """
    abr adi adp aft anl anm ant aqt arc arr art att aud aue aui aup aus aut bjd bka bkd blw ccp chr clb cll clr cmm
    cmp cnd com cov cre csl isb cst ctb ctg cwt dis dln dnc drm drt dsr dub edc edd edt egr etr fac flm fmk gis grt ill
    ilu ive ivr lbt lth ltg lyr mod mte mus nrt org pan pht pra prf prm red ren res rev rpt rsp scl sgd sng spk srv
    std stl tld trl vdg voc wac wal wam wat wdc wde wfs wft win wpr wst
    """,
    )
)
"""MARC relators, https://id.loc.gov/vocabulary/relators."""

NUMERIC_AUTHOR_CODES = frozenset(
    _read_words(
        """
    010 030 040 060 070 072 075 080 090 100 170 180 200 205 210 212 220 230 245 250 290 300 305 330 340 350 360 430
    440 460 470 480 510 520 530 545 550 560 590 600 690 705 721 730 755 760 770
    """,
    )
)
"""UNIMARC, appendix C."""

OTHER_CODES = frozenset(
    _read_words(
        """
    ann asg asn ato auc bdd bkp bnd bpd bsl cmt cns crr col cph cpt csr cur dgg dgs dnr dpc dpt dst dte fmo fnd fpy hnr
    ins len lsa lse lso mfp mfr mon mrb ncp ntg oth own pat pbd pbl pfr plt pma pmn pop ppm prd prt pth pup rbr rcp
    rth rtm scr sec sgn sht sll spn tcd ths trc tyd tyg wit 110 120 130 150 160 190 240 260 270 280 310 320 390 400
    420 450 490 500 570 580 610 620 640 650 651 660 700 710 720 723 727 740 750 753
    """,
    )
)
"""MARC relators and UNIMARC codes of those who made no part of the text or the pictures."""

OTHER_WORDS = _read_words(
    """
    former owner donor dedicatee addressee recipient honou?ree binder bookbind bookplate bookseller seller dealer
    auction printer printing publish distribut manufactur inscriber annotator signer signatory scribe copyist
    rubricat sponsor fund patron commission collector lender depositor witness mention curator$ autograph binding
    bequea consign subscrib host degree holding reposit provenance correspond portray digiti scann stereotyp
    electrotyp platemak patent$ patentee rights copyright dedicator excud typogr$ subject$
    marbler papermak proofread censor$ licens advisor supervisor depicted transcri compositor type$ typograph verl$
    """,
    """
    vorbesitz *besitz eigentum eigner provenienz *drucker druckerei verleg verlag buchbind einbind buchhand
    kunsthand
    schenk stifter spender donator adressat empfang widmungsempf schreiber auftraggeb sammler gefeiert erwahnt
    vertrieb herstell leihgeb geehrt widmend kopist einband rechteinhab grad*verleih verleih
    """,
    """
    *eier$ *eiere$ ejer agare eigar tidligere tidl tidigare *trykker trykkeri tryckare tryckeri boktryk bogtryk
    boktryck tilegn tillagn tilegnet kopist
    forlegg forlaegg forlagg forlag bokbind bogbind giver$ givare$ gavegiver mottaker mottagare modtager dedikasjon
    dedikat bokhand boghand skriver$ skrivare$ avskriver samler$ samlare$
    """,
    """
    possesseur ancien proprietaire relieur imprimeur imprimerie libraire donateur dedicataire destinataire copiste
    commanditaire mecene diffuseur collectionneur editeur(?!s?.scient|s?.intellect) legataire
    """,
    """
    possessor poseedor posseidor possuidor propriet propiet antiguo antigo antic stampator tipograf
    editore(?!.scient) legator rilegator libraio librer[oa] livreiro donante doador donador dedicatari destinatari
    copista amanuense impresor impressor encuadern encadern mecenas coleccionista colecionador
    """,
    """
    eigenaar bezitter drukker boekdrukker uitgever boekbinder boekverkoper schenker geadresseerd kopiist bibliopola
    """,
    """
    właściciel drukarz wydawca introligator ofiarodawca adresat vlastník tiskař nakladatel knihař vazač dárce dedik
    příjemce písař tulajdonos nyomdász kiadó omistaja painaja kustantaja sitoja lahjoittaja
    """,
    """
    владел власник типограф печатник издател видавец даритель переплет адресат переписчик
    """,
)
"""Beginnings of words of many languages, for owners, printers and others; `$` ends a word, `*` stands for letters."""

AUTHOR_WORDS = _read_words(
    """
    author auth$ aut$ autor auteur abridg dissert interview narrat originator reporter review research speaker
    storytell screenwr verf schriftst forf forfat författ schrijver skribent writer escritor scrittore creat kreat
    urheb opphav ophav schopf edit ed$ eds$ redak redac redig red$ hrsg hg$ herausg utg$ udg$ udgiv curatore compil
    kompil sammenst sammanst samenst zusammenst zsgest bearb adapt arrang trans$ translat trad$ traduc tradut ubers
    übers overs övers vert$ vertal libret lyric text tekst dicht poet comment komment prefac prefaz pref$ forord
    introd vorwort nachwort einleit beitr mitarb mitw mitv bidrag medarb medv contrib kontrib collabor colabor
    attributed respond resp$ praes$ praeses präses widerredn vorredn postfac medforf coauth coautor auctor interpres
    issuing utgiver utgivar автор редак перев соста autoři spisovatel překlad tłumacz przekł
    kirjoit toimit kääntäj szerző szerk ford$ fordít
    """,
    """
    artist animat facsimil delin filmm videogr conceptor kunst konstn künstl artiest ill$ illus illum grav grabad
    engrav incis incid stech kupfer holzschn holzst xylogr etch etser radier aquaf lithogr litogr photogr fotogr
    foto fot$ zeichn tegn teikn tekn teckn tekenaar draw draught draft dessin dibuj disegn desenh paint maler malar
    peintr pintor pittor schilder miniat sculpt skulpt bildhau printmak druckgra sculps pinx invent
    inven$ invenit fecit woodcut wood cartogr kartogr cartóg
    survey landmål architect architet arquit arkitekt architekt design entwer calligr kalligr colorist colourist
    billedkun bildesk bildskap buchmal enlumin stikk kobberst kopparst kartenz kuvit
    rytow rytec ilustr rajz иллюстр художник грав фотогр картогр
    """,
    """
    compos kompon kompos tonsett choreogr danc vocalist director regi$ regiss perform interpret musik music singer
    sänger conduct dirig skladatel композитор
    """,
)
"""Beginnings of words for writers and editors, artists, and musicians; `$` marks a whole word."""

BOUNDARIES = re.compile(r"[,;/&|]|\s(?:and|und|et|og|och|en|y|e)\s")
"""What separates several roles in one subfield: `former owner, donor`."""

GENDER_ENDING = re.compile(r"[/:*_(]-?in(?:nen)?\b\)?", re.IGNORECASE)
"""German's `Drucker/-in`, `Drucker:in`, `Drucker*in`."""

URI = re.compile(r"^\w+:\S+$")


def is_author(roles: Iterable[str], *, is_main_entry: bool = False) -> bool:
    """Return whether a name with these roles, as words, codes or URIs in any language, is an author of the book.

    Without a role it is. If all roles are unknown, only a main entry (MARC 1XX, MODS `usage="primary"`) is.
    """
    verdicts = [_makes_author(phrase) for role in roles for phrase in _split_phrases(role)]
    if not verdicts or True in verdicts:
        return True
    return is_main_entry and False not in verdicts


def _split_phrases(role: str) -> list[str]:
    """Return the single roles in one subfield or element, folded."""
    role = role.strip()
    if URI.match(role) and not GENDER_ENDING.search(role):
        role = re.split(r"[/#:]", role.rstrip("/"))[-1].removesuffix(".html")
    spaced_role = re.sub(r"(?<=[a-zß-ÿ])(?=[A-Z])", " ", GENDER_ENDING.sub("", role))
    phrases = [" ".join(re.findall(r"[^\W_]+", phrase)) for phrase in BOUNDARIES.split(fold_letters(spaced_role))]
    return [phrase for phrase in phrases if phrase]


def _makes_author(phrase: str) -> bool | None:
    """Return whether one role is an author's; None if it is unknown."""
    if phrase in AUTHOR_CODES or phrase in NUMERIC_AUTHOR_CODES:
        return True
    if phrase in OTHER_CODES or OTHER_PATTERN.search(phrase):
        return False
    return True if AUTHOR_PATTERN.search(phrase) else None


def _compile_words(words: Iterable[str]) -> re.Pattern[str]:
    """Return a pattern of beginnings of words; `$` marks the end of a word, `*` stands for other letters."""
    patterns = (fold_letters(word).replace("$", r"\b").replace("*", r"\w*") for word in words)
    return re.compile(rf"\b(?:{'|'.join(patterns)})")


OTHER_PATTERN, AUTHOR_PATTERN = _compile_words(OTHER_WORDS), _compile_words(AUTHOR_WORDS)
