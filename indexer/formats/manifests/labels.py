"""What the labels of IIIF metadata mean; libraries choose them freely and write them in their own language."""

import re

from core.text import fold_letters

FIELD_LABELS = {
    "title": """
        title|main title|title proper|full title|title statement|dc:title|tittel|hovedtittel|titel|haupttitel
        |sachtitel|hoofdtitel|naam|titre|titre principal|titre propre|título|título principal|títol|titolo
        |titolo proprio|titulus|teitl|teideal|otsikko|nimeke|päänimeke|titill|tytuł|název|název díla|názov|cím
        |főcím|titlu|naslov|заглавие|название|заголовок|назва|τίτλος|題名|タイトル|書名|书名|標題|标题|題目|제목
        |서명|כותר|כותרת|العنوان|عنوان""",
    "authors": r"""
        authors?|main author|creators?|forfatter(?:e|en)?|hovedforfatter|medforfatter|verfasser(?:in|innen)?
        |urheber|autor(?:es|i|en|a|e|ka|ky|ka/y)?|autor:in|autor/in|autores? principal(?:es)?|auteurs?
        |auteur principal|créateurs?|skaper|opphav(?:sperson)?|artists?|illustrat\w+|kunstner|kunstenaar
        |künstler(?:in)?|makers?|(?:author|artist) ?/ ?(?:creator|maker)|medforfatter/bidragsyter|bidragsyter
        |contributors?|mitwirkende|contributeurs?|colaboradore?s?|cartograph(?:er)?|engravers?|lithographers?
        |photographers?|fotograf|photographe|graveur|editors?|editor\(s\)|redaktør|herausgeber(?:in)?
        |(?:author|creator|contributor)\(s\)|creator ?/ ?contributor|creator or contributor|auteur\(s\)
        |vervaardiger|schrijver|författare|upphov(?:sman|sperson)?|konstnär|høfundur|höfundur|ophav(?:smand)?
        |creador(?:es)?|criador(?:es)?|creatore|autoria|responsabilità|tekijät?|kirjoittaja|twórcy?|autorzy|autoři
        |tvůrce|szerzők?|авторы?|создатель|συγγραφέας|δημιουργός|著者|作者|撰者|編者|责任者|責任者|저자|מחבר
        |المؤلف|مؤلف|awdur|crëwr""",
    "date": r"""
        date|dates|dato|datum|data|year|years|år|årstall|årtal|jahr|année|ano|año|anno|any|rok|vuosi|ár|év|dátum
        |date issued|issued|date statement|date published|published/created date|publishing date|original date
        |date of original|entstehungsjahr|entstehungszeit|erscheinungsjahr|erscheinungsdatum|erscheinungszeit
        |utgivelsesår|utgivelsesdato|utgivningsår|utgitt|udgivelsesår|udgivelsesdato|udgivet|jaar|jaar van uitgave
        |datum van uitgave|datering|date de (?:publication|parution|création|l'édition|production)|date d'édition
        |datecreated|created|date created|created date|date created ?/ ?date issued|dated|date of creation
        |datierung|display-date|century|publication (?:date|year)|year of publication
        |date of (?:origin|publication|production).*|coverage|fecha|fecha de (?:publicación|creación|edición)
        |año de publicación|data (?:di|de|da) (?:pubblicazione|publica\w+)|datazione|datação|datació|päivämäärä
        |julkaisuaika|julkaisuvuosi|ajoitus|útgáfuár|data wydania|rok wydania|datum vydání|rok vydání|datace
        |datování|kiadás (?:éve|ideje)|megjelenés éve|anul|data apariției|дата|дата издания|год|год издания|рік
        |ημερομηνία|χρονολογία|日付|出版年|刊行年|年代|出版日期|발행년|날짜|תאריך|שנה|التاريخ|dyddiad""",
    "published": """
        published|publisert|publication(?: statement| details| information)?|publication ?/ ?creation|imprint
        |entstehung|erscheinungsvermerk|created published|utgivelse|utgivning|impressum|erschienen|publié|édition
        |publicación|pubblicazione|publicação|publicació|pie de imprenta|note tipografiche|julkaistu
        |julkaisutiedot|nakladatelské údaje|uitgave|выходные данные""",
    "publisher": r"""
        publishers?|publisher\(s\)|forlag|utgiver|verlag|verleger|éditeurs?|maison d'édition|uitgever|förlag
        |utgivare|udgiver|trykker|trykkeri|printers?|printer\(s\)|drucker|imprimeur|drukker|boktryckare|bogtrykker
        |editorial|editora|casa editora|editore|casa editrice|stampatore|impresor|tipógrafo|kustantaja|julkaisija
        |painaja|útgefandi|wydawca|drukarz|nakladatel|vydavatel|vydavateľ|kiadó|editură|издатель|издательство
        |εκδότης|出版者|出版社|発行者|출판사|מוציא לאור|الناشر|cyhoeddwr""",
    "place": """
        place|places|sted|ort|lieu|plaats|lugar|luogo|local|lloc|místo|miejsce|hely|paikka|publication place
        |place of (?:publication|production|printing|creation).*|place of origin.*|utgivelsessted|utgivningsort
        |tryckort|trykkested|udgivelsessted|trykkeår og -sted|origin place|place created|lokalisierung
        |erscheinungsort|verlagsort|druckort|entstehungsort|herkunftsort
        |lieu (?:de publication|d'édition|de création|d'origine|d'impression)|placeofpublication
        |plaats van (?:uitgave|publicatie)|lugar de (?:publicación|edición|impresión)
        |luogo di (?:pubblicazione|edizione|stampa)|local d[ea] (?:publicação|edição|impressão)|lloc de publicació
        |julkaisupaikka|miejsce wydania|místo vydání|kiadás helye|место издания|место|місце|τόπος|出版地|刊行地
        |발행지|מקום|مكان النشر""",
    "languages": r"""
        languages?|language\(s\)|original language|language codes?|lang
        |language of (?:the )?(?:text|resource|item)|text language|språk|språkkode|sprog
        |sprachen?|langues?|langue du texte|taal|talen|idiomas?|lenguas?|llengua|lingua|lingue|língua|kieli|kielet
        |język (?:utworu|tekstu)|jazyk (?:textu|dokumentu)
        |tungumál|język|jazyk|nyelv|limb[aă]|jezik|язык|мова|език|γλώσσα|言語|本文の言語|语言|語言|文种|언어|שפה
        |اللغة|iaith""",
    "subjects": r"""
        subjects?|subject headings?|additional subjects|subject\(s\)|emner?|emneord|stikkord|ämnen?|ämnesord
        |topics?|themes?|tags?|schlagw(?:ort|orte|örter)|stichw(?:ort|orte|örter)|sachbegriff|thema|thèmes?
        |sujets?|mots?[- ]clés?|keywords?|subject \(.*\)|trefwoord(?:en)?|onderwerp(?:en)?|temas?|materias?
        |palabras? clave|palavras?[- ]chave|soggett[oi]|assuntos?|matèri(?:a|es)|asiasanat?|aiheet?|efnisorð
        |tematy?|hasła? przedmiotowe|předměty?|téma|klíčová slova|tárgysz(?:ó|avak)|subiect|темы?|предмет
        |ключевые слова|θέμα|主題|主题|件名|주제|נושא|الموضوع|pwnc|pynciau""",
    "type_of_work": """
        types?|medietype|genres?|genre/form|form/genre|document type
        |type of (?:document|item|resource|material|object)|material type|item type|work type|format
        |original format|objektkategorie|resource type|resource_type|documentsoort|mediumtype|object type
        |objecttype|materialart|dokumenttyp|dokumentart|dokumenttype|medienart|medientyp|publikationstyp|gattung
        |objektart|materialetype|materialtyp|type de (?:document|ressource)|nature du document|catégorie|tipo
        |tipo de (?:documento|material|recurso)|tipo di (?:documento|materiale)|tipologia|tipus|tipus de document
        |aineistotyyppi|aineisto|typ|typ dokumentu|rodzaj dokumentu|druh dokumentu|druh|dokumentumtípus|típus|тип
        |вид документа|жанр|είδος|資料種別|種別|文献类型|类型|자료유형|סוג|النوع|math""",
    "identifiers": r"""
        (?:other |local |digital object |source metadata )?identifiers?|urn|isbn|issn|ark|doi|lccn|oclc.*|ppn.*
        |vd1[678].*|shelf[- ]?marks?|shelf ?number|call ?num(?:ber|bers)|call_number|callnr|callnumber|call no\.?
        |signatur|signaturen|hyllesignatur|bibliotekssignatur|opstilling|permalink|varig lenke|persistent ur[il]
        |persistente url|cotes?|ancienne cote|record|oai|identifikator|identifikation|identifiant|object number|id
        |lokalsignatur|accession number|classmark|manuscript number|catalogue number|inventarnummer
        |inventory number|numéro d'inventaire|aanvraagnummer|plaatsingsnummer|plaatskenmerk|signaturas?
        |signatura topogràfica|topogràfic|signatura topográfica|segnatura|collocazione|cotas?|sygnatura|signum
        |hyllsignum|hyllypaikka|sijainti|jelzet|raktári jelzet|шифр|шифр хранения|σήμα|請求記号|整理番号|索书号
        |索書號|청구기호|סימול|رقم|identificador(?:es)?|identificativo|tunniste|identyfikator""",
    "licence": """
        licen[cs]e|rights(?: statement| ?/ ?license| and use| and access)?|copyright|usage terms
        |conditions? of use|rettigheter|lisens|lizenz|lizenz/rechtehinweis|rechte|nutzungsrechte
        |rättighetsmärkning|rättigheter|licens|rettigheder|rechten|auteursrecht|licentie|droits
        |droits d'utilisation|licencia|derechos|licenza|diritti|licença|direitos|llicència|drets|lisenssi
        |käyttöoikeudet|oikeudet|licencja|prawa|licenc|práva|jogok|лицензия|права|権利|ライセンス|版权|저작권""",
}
"""Field → pattern of its whole label, in which case and accents do not count."""

LANGUAGE_SUFFIX = re.compile(
    r"\s*[(\[](?:english|german|french|italian|spanish|latin|dutch|deutsch|français|italiano|español|original"
    r"|[a-z]{2,3}(?:-[a-z]{2,4})?)[)\]]$",
    re.IGNORECASE,
)
"""The language of the value, as e-codices adds it to the label: `Title (English)`."""

VOCABULARY_PREFIX = re.compile(r"^(?:dc|dcterms|edm|mods|schema)[:.](?=\w)", re.IGNORECASE)
"""The vocabulary of a label that is the name of a property: `dc:language`, `dcterms.publisher`."""


def _compile(labels: str) -> re.Pattern[str]:
    """Return the pattern of a field; white space around the bars only breaks the lines of the table."""
    pattern = re.sub(r"\s*\n\s*", "", labels.strip())
    return re.compile(rf"(?:{fold_letters(pattern)})\s*:?")


LABEL_PATTERNS = {field: _compile(labels) for field, labels in FIELD_LABELS.items()}


def field_of_label(label: str) -> str:
    """Return the field that a label means, empty if it is none of ours: `Verfasser` → `authors`.

    A label in several languages is recognised by any of them: `Sprache / 語言 / Language`.
    """
    parts = [label, *label.split(" / "), *label.split(" | ")]
    names = (VOCABULARY_PREFIX.sub("", LANGUAGE_SUFFIX.sub("", part.strip())) for part in parts)
    folded_parts = [fold_letters(name).strip() for name in names]
    matches = (field for field, pattern in LABEL_PATTERNS.items() if any(map(pattern.fullmatch, folded_parts)))
    return next(matches, "")
