"""What a text says about itself: cleaning, template residue, broken references, heading-like numbers."""

import re
import unicodedata

_SPACES = re.compile(r"[ \t\u00a0\u2000-\u200a\u202f\u205f\u3000]+")
_INVISIBLE = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\u00ad\ufffe\uffff]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_LINES = re.compile(r" ?\n ?")


def clean(text: str) -> str:
    """Return *text* in NFC, without invisible and control characters, white space folded, lines kept."""
    if not text:
        return ""
    if not text.isascii():
        text = unicodedata.normalize("NFC", _INVISIBLE.sub("", text))
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x0b", "\n").replace("\x0c", "\n")
    text = _SPACES.sub(" ", _CONTROL.sub("", text))
    return _LINES.sub("\n", text).strip()


_WORDS = (
    r"insert|enter|describe|provide|specify|list|add|name|date|project|version|type|your|company|organi[sz]ation|author|title|"
    r"summari[sz]e|"
    r"explain|identify|indicate|state|select|choose|delete|replace|define|include|complete|use this|this section|"
    r"optional|placeholder|example|"
    r"e\.g\.|role|department|department name|address|phone|number|amount|who|what|how|when|"
    r"insérer|insérez|inscrire|décrire|décrivez|indiquer|indiquez|préciser|précisez|nom|renseigner|lister|listez|"
    r"ajouter|compléter|projet|titre|auteur|"
    r"einfügen|eingeben|hier|beschreiben|beschreiben sie|angeben|auflisten|bitte|nennen|datum|projekt|projektname|"
    r"titel|ausfüllen|"
    r"insertar|inserte|describir|describa|indicar|indique|especificar|especifique|nombre|fecha|proyecto|título|autor|añadir|enumerar|escriba"
)
_ANGLE = re.compile(r"<(?!\s*[/!?]|\s+[^A-Z])\s*(?!https?:|www\.|mailto:)([^<>\n@=]{2,400})>")
_TAG = re.compile(
    r"(?i)(?:a|abbr|b|blockquote|body|br ?/?|button|center|code|dd|div|dl|dt|em|font|form|h[1-6]|head|hr ?/?|html|i|iframe|img|"
    r"input|label|li|link|"
    r"meta|nav|ol|option|p|pre|script|section|select|small|span|strong|style|sub|sup|svg|table|tbody|td|textarea|th|thead|title|tr|u|ul|xml)\s*/?"
)
_BRACKET = re.compile(
    rf"(?i)\[\s*(?:(?:{_WORDS})\b[^\[\]]{{0,600}}|[^\[\]]{{0,80}}\b(?:here|ici|aquí|einfügen|eingeben|ausfüllen)\s*)\](?!\()"
)
_BRACKET_WHOLE = re.compile(r"\[\s*[^\W\d_][^\[\]]*[a-zà-ÿ][^\[\]]*\](?!\()\.?")
_BRACE = re.compile(r"\{\{[^{}\n]{1,200}\}\}|\{%[^{}\n]{1,200}%\}|\$\{[A-Za-z][\w .]{0,60}\}")
_DATE = re.compile(
    r"(?i)\b(?:dd|d|jj|tt|xx)\s*[/.\-]\s*(?:mm|m|mmm|xx)\s*[/.\-]\s*(?:yyyy|yy|aaaa|aa|jjjj|jj|xxxx|xx)\b"
    r"|\b(?:mm)\s*[/.\-]\s*(?:dd)\s*[/.\-]\s*(?:yyyy|yy)\b|\b(?:yyyy|aaaa|jjjj)\s*[/.\-]\s*mm(?:\s*[/.\-]\s*(?:dd|jj|tt))?\b"
)
_IN_NAME = re.compile(
    r"(?i)(?:(?<=\w[._])|(?<=\w-)|(?<=>[._-]))(?:yyyy|yy|aaaa|jjjj|dd|jj|tt)[._-]?(?:mm|mmm)[._-]?(?:yyyy|yy|aaaa|jjjj|dd|jj|tt)(?!\w)"
    r"|\b(?:yyyy|yy|aaaa|jjjj|dd|jj|tt)[._-]?(?:mm|mmm)[._-]?(?:yyyy|yy|aaaa|jjjj|dd|jj|tt)(?=[._-](?:\w|<))"
    r"|(?<=[._-][(\[{<])(?:yyyy|yy|aaaa|jjjj|dd|jj|tt)[._-]?(?:mm|mmm)[._-]?(?:yyyy|yy|aaaa|jjjj|dd|jj|tt)(?=[)\]}>])"
    r"|(?<=[(\[{<])(?:yyyy|yy|aaaa|jjjj|dd|jj|tt)[._-]?(?:mm|mmm)[._-]?(?:yyyy|yy|aaaa|jjjj|dd|jj|tt)(?=[)\]}>][._-]\S)"
)  # 'NN.Title.yyyy-mm-dd.vX.Y' says how files are named
_FORM_OF_DAY = r"(?:yyyy|yy|aaaa|jjjj|dd|jj|tt)[._/-]?(?:mm|mmm)[._/-]?(?:yyyy|yy|aaaa|jjjj|dd|jj|tt)"
_NAMED = re.compile(
    r"(?i)\[[^\[\]\n]{1,60}\](?:[._]?\[[^\[\]\n]{1,60}\])+"  # '[DPW][Topic][type]', '[Project]_[Title]'
    rf"|(?<=[“„«‘'\"‹])\s*(?:[^\s“”„«»‘’'\"‹›]+ ){{0,3}}\b{_FORM_OF_DAY}\b(?: [^\s“”„«»‘’'\"‹›]+){{1,4}}\s*(?=[“”»’'\"›])"
    rf"|(?<=[“„«‘'\"‹])\s*(?:[^\s“”„«»‘’'\"‹›]+ ){{1,4}}{_FORM_OF_DAY}\s*(?=[“”»’'\"›])"  # « AAAA-MM-JJ objet », "Minutes yyyy-mm-dd"
    rf"|\b(?:formats?|formato|formed?|pattern|schema|modèle|muster)(?: (?:of|is|are|est|sont|ist|es))?:? [“„«‘'\"‹]?\s?{_FORM_OF_DAY}\b"
)
_PROMPT = re.compile(
    r"(?i)lorem ipsum|click(?: or tap)? (?:here )?to (?:enter|add|edit)|click(?: or tap)? here to enter|choose an item\b|"
    r"cliquez(?: ou appuyez)? ici|choisissez un élément|klicken(?: oder tippen)? sie hier|klicken sie, um|wählen sie ein element|"
    r"haga clic(?: o pulse)? aquí|elija un elemento|fai clic(?: o tocca)? qui|klik(?: of tik)? om|à compléter|à définir|zu ergänzen|"
    r"(?:can|should|may) (?:go|be (?:put|placed|written)) here\b|leave (?:this (?:section|field) )?(?:empty|blank) if\b|"
    r"delete (?:this|if) (?:section |paragraph |not |un)|(?:remove|delete) (?:if not|when not) (?:needed|applicable)|"
    r"leer lassen,? (?:wenn|falls)|laisser vide si\b|dejar (?:vacío|en blanco) si\b|"
    r"noch zu (?:klären|definieren|ergänzen)|por definir|por determinar|pendiente de definir|"
    r"to be (?:completed|defined|determined|filled in)(?=\s*(?:$|[.,;:)\]/|]))"
)
_SHOUT = re.compile(
    r"\b(?:TBD|TBC|TBA|T\.B\.D\.?|XXX+|N\.N\.)(?!\w)|(?<!\w)x{2,}(?:[./-]x{2,})+(?!\w)|\?{3,}|_{4,}|(?<!\.)\.{6,}(?![\s.]*\d)|…{2,}(?![\s….]*\d)"
)
_CROSS = re.compile(r"(?i)^(?:x{2,4}|xx[/.\-]xx[/.\-]xx(?:xx)?|#{2,}|\?{2,})$")  # one 'x' is a tick
_BROKEN = re.compile(
    r"(?i)error!\s*(?:reference source not found|bookmark not defined|no text of specified style|not a valid|unknown|hyperlink reference)"
    r"|erreur\s*!\s*(?:source du renvoi introuvable|signet non défini|référence de lien|il n.y a pas de texte|aucun texte)"
    r"|fehler!\s*(?:verweisquelle konnte nicht|textmarke nicht definiert|kein text mit angegebener|hyperlink-referenz|unbekannt)"
    r"|¡?error!\s*(?:no se encuentra el origen|marcador no definido|no hay texto con el estilo|referencia de hipervínculo)"
    r"|errore\.?\s*l.origine riferimento non è stata trovata|fout!\s*(?:verwijzingsbron niet gevonden|bladwijzer niet gedefinieerd)"
    r"|error: reference source not found|fehler: verweis nicht gefunden|fehler: referenz nicht gefunden|"
    r"erreur\s*: source de la référence non trouvée|error: no se encuentra la fuente de referencia"
)


_QUOTED = re.compile(r"“[^”]{3,}(?:”|$)|„[^“”]{3,}[“”]|«[^»]{3,}»")
_SIGNATURE = re.compile(
    r"(?i)\b(?:sign|signed|signature|unterschrift|unterzeichnet|gezeichnet|firma|firmado|visa|signé)\b[^:_]{0,40}:?\s*_{4,}"
)


def placeholder_count(text: str) -> int:
    """Return how many pieces of template residue stand in *text*.

    What is quoted is spoken of, a line to sign on is no residue, nor is the form of a day within the pattern of a file's name, nor are
    brackets that follow one another without a blank.
    """
    if not text:
        return 0
    return len(_spans(_NAMED.sub(" ", _IN_NAME.sub(" ", _SIGNATURE.sub(" ", _QUOTED.sub(_unangled, text))))))


def _unangled(quoted: re.Match[str]) -> str:
    """Return a quotation that speaks of placeholders: two or more of them stand within its own words."""
    return quoted[0].replace("<", "‹").replace(">", "›") if len(_ANGLE.findall(quoted[0])) > 1 else quoted[0]


def is_placeholder(text: str) -> bool:
    """Say whether *text* is nothing but template residue: prompts, `<name>`, `[describe …]`, 'TBD'."""
    text = text.strip()
    if not text:
        return False
    if _CROSS.match(text) or _BRACKET_WHOLE.fullmatch(text):
        return True
    spans = _spans(text)
    if not spans:
        return False
    rest = text
    for start, end in reversed(spans):
        rest = rest[:start] + rest[end:]
    if _PROMPT.search(text) and len(text) < 90:
        return True
    return not any(char.isalnum() for char in rest)


_GUIDANCE = re.compile(
    r"(?i)^\W*(?:insert|describe|provide|specify|list|identify|indicate|summari[sz]e|explain|state|enter|define|outline|include|use this|"
    r"complete|"
    r"delete|replace|detail|document|note any|\[|<|for example|e\.g\.|décri|indiqu|précis|insér|énumér|list(?:er|ez)|expliqu|"
    r"présent(?:er|ez)|beschreib|"
    r"geben sie|führen sie|listen sie|nennen sie|fügen sie|erläutern|hier\b|describ|indiqu|inserte|especifi|enumer|expli(?:car|que)|liste)"
    r"|\bthis (?:section|document|template|table|chapter|paragraph) "
    r"(?:should|describes|provides|is|will|must|can|contains|lists|identifies|outlines)\b"
    r"|\b(?:should be (?:described|completed|updated|listed|filled|deleted|included|provided)|delete this|this guidance|"
    r"cette section|ce chapitre|dieser abschnitt|dieses kapitel|in diesem (?:abschnitt|kapitel)|esta sección|este apartado)\b"
)


def reads_as_guidance(text: str) -> bool:
    """Say whether *text* reads like an instruction to the author of a document."""
    return _GUIDANCE.search(text) is not None or is_placeholder(text)


def _spans(text: str) -> list[tuple[int, int]]:
    found = [match.span() for pattern in (_BRACKET, _BRACE, _DATE, _PROMPT, _SHOUT) for match in pattern.finditer(text)]
    if "<" in text:
        found += [match.span() for match in _ANGLE.finditer(text) if not _TAG.fullmatch(match[1].strip())]
    merged: list[tuple[int, int]] = []
    for start, end in sorted(found):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def broken_reference_count(text: str) -> int:
    """Return how many references in *text* say that their target is gone."""
    return len(_BROKEN.findall(text)) if "!" in text or ":" in text or "." in text else 0


_NUMBER = re.compile(
    r"(?P<number>\d{1,2}(?:\.\d{1,2}){0,5}\.?|[A-Z](?:\.\d{1,2}){1,4}\.?|[IVX]{1,5}\.|[A-Z]\.)\s+(?P<rest>[^\W\d_].*)", re.DOTALL
)
_HEADING_STYLE = re.compile(
    r"(?:heading|überschrift|titre|título|titulo|titolo|kop|rubrik|overskrift|otsikko|nagłówek|nadpis|заголовок|επικεφαλίδα|kapitel|"
    r"heading numbered|numbered heading|überschrift nummeriert|encabezado|ttulo|berschrift|section heading|header)\s*[_\- ]*([1-9])\b",
    re.IGNORECASE,
)
_TITLE_STYLE = frozenset(
    {"title", "titel", "titre", "título", "titulo", "titolo", "document title", "doc title", "cover title", "ttulo", "doctitle"}
)


def numbering_depth(text: str) -> int:
    """Return the depth of the number that *text* begins with ('1.2 Scope' → 2); 0 without one."""
    match = _NUMBER.match(text)
    if not match:
        return 0
    return match["number"].rstrip(".").count(".") + 1


def heading_level(style_name: str) -> int:
    """Return the level that the name of a style tells, in the languages of word processors; 0 for none."""
    match = _HEADING_STYLE.match(style_name.strip())
    return int(match[1]) if match else 0


def is_title_style(style_name: str) -> bool:
    """Say whether a style of this name is for the title of the document."""
    return style_name.strip().casefold() in _TITLE_STYLE


_DESIGNED = frozenset(
    {"subtitle", "quote", "intense quote", "caption", "subtle emphasis", "intense emphasis", "untertitel", "sous-titre", "subtítulo"}
)


def looks_like_guidance(style_name: str, *, is_blue: bool, is_italic: bool) -> bool:
    """Say whether text may be an instruction: by its style, or blue and italic where no style of the program asks for that."""
    return is_guidance_style(style_name) or (is_blue and is_italic and style_name.casefold() not in _DESIGNED)


def is_guidance_style(style_name: str) -> bool:
    """Say whether a style of this name is for instructions of a template."""
    name = style_name.casefold().replace(" ", "").replace("_", "")
    return any(
        word in name
        for word in ("infoblue", "guidance", "instruction", "anleitung", "ausfüllhinweis", "consigne", "instruccion", "placeholder")
    )
