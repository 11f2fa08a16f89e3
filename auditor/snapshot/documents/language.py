"""In which language a text is written: by its letters and its little words, without a model or a network.

Project papers quote names and English terms; the little words (the, des, und, para) do not lie. A paper that is all tables has too few of
them: there the labels of forms tell it (Verantwortlich, Échéance), as far as one language alone has them. A text with too few of both has
no language that could be told.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final

_MOST = 40_000  # characters that are looked at
_FEWEST_WORDS = 3
_FEWEST_OF_BOTH = 6
_FEWEST_SHARE = 12  # per cent of the words that must be little words
_BEYOND_LATIN = "\u0250"  # the first letter that no language in Latin script uses
_WORD = re.compile(r"[^\W\d_]+")

_LITTLE: Final[dict[str, frozenset[str]]] = {
    language: frozenset(words.split())
    for language, words in {
        "en": (
            "the and of to in is for that be are with this will as by on or from an at it which not have has been should "
            "their all any can if was were who"
        ),
        "fr": (
            "le la les des du de et en un une est pour dans que qui par sur au aux ce cette sont avec pas ou se il elle "
            "plus être sera leur nous vous son ses ne l d"
        ),
        "de": (
            "der die das und ist den von zu mit für auf im ein eine des dem nicht werden wird sind bei als auch durch nach "
            "aus zur zum oder sich über an wurde bis soll"
        ),
        "es": (
            "el la los las de y en que del se un una es para por con al su sus como más lo no ha son o este esta entre ser "
            "cada sobre está fue"
        ),
        "it": (
            "il la le gli di e in che un una è per con del della dei delle al alla sono si non da nel nella come più su "
            "questo anche ai dal lo i"
        ),
        "pt": "o a os as de e em que do da dos das um uma é para por com no na nos nas se não ao mais como seu sua são foi ser pelo pela à",
        "nl": (
            "de het een en van in is op te dat voor met zijn aan door niet worden wordt ook bij als naar uit om dit deze of "
            "die er heeft kan"
        ),
        "pl": "i w na z do nie się jest że oraz dla od po przez za o jako są ze przy lub jego być to które który nad tym",
        "sv": "och att det som en på är av för med till den har inte om ett var de från vid kan ska eller detta så i",
        "da": "og at det som en på er af for med til den har ikke om et var de fra ved kan skal eller dette så i",
        "ro": "și în de la cu pe care este pentru din sau un o să nu se ale prin mai fi al a lui sunt va",
        "cs": "a v na je se že s z do o pro jako ve k by jsou nebo podle při za které který od byl po",
        "fi": "ja on ei se että oli myös kun tai sekä ovat joka mukaan olla hän ole voi sen niin kuin",
        "hu": "a az és hogy nem is egy van vagy meg ez csak mint be el ki azt már még volt lehet",
    }.items()
}
_LABELS: Final[dict[str, frozenset[str]]] = {
    language: frozenset(words.split())
    for language, words in {
        "en": (
            "owner due approved approval stage stages register role name number open closed issue issues request change changes budget "
            "start end prepared author executive senior user supplier manager board minutes agreed action actions result passed failed "
            "delivered tolerance forecast lessons quality review reviewed yes none reference history purpose"
        ),
        "fr": (
            "responsable échéance approuvé validé jalon jalons registre rôle nom numéro ouvert clos décision décisions demande "
            "coût coûts début fin auteur fournisseur utilisateur comité réunion résultat livrable livrables prévu réalisé écart qualité "
            "objet risque risques mesure probabilité gravité oui aucun aucune"
        ),
        "de": (
            "verantwortlich verantwortliche verantwortlicher termin fällig freigegeben freigabe phase phasen projekt kosten betrag "
            "nummer offen geschlossen erledigt beschluss beschlüsse antrag änderung änderungen beginn ende verfasser erstellt bericht "
            "lenkungsausschuss ergebnis bestanden geplant durchgeführt abweichung qualität prüfung prüfer maßnahme risiko risiken keine "
            "ja nein summe stand abgenommen genehmigt protokoll anwesend aufgaben zeitraum toleranz umfang nutzen"
        ),
        "es": (
            "responsable vencimiento aprobado aprobada hito hitos registro rol nombre número abierto cerrado decisión decisiones "
            "cambios coste costo costes inicio fin autor proveedor usuario comité reunión resultado entregable entregables previsto "
            "calidad revisión riesgo riesgos medida probabilidad impacto sí ninguno ninguna"
        ),
    }.items()
}
"""What forms and tables call their rows and columns. A word that two of these languages have tells neither."""
_OWN_LABELS: Final[dict[str, frozenset[str]]] = {
    language: labels - frozenset().union(*(others for other, others in _LABELS.items() if other != language))
    for language, labels in _LABELS.items()
}
_SCRIPTS: Final[dict[str, str]] = {
    "GREEK": "el",
    "HEBREW": "he",
    "ARABIC": "ar",
    "HANGUL": "ko",
    "HIRAGANA": "ja",
    "KATAKANA": "ja",
    "CJK": "zh",
    "DEVANAGARI": "hi",
    "THAI": "th",
    "GEORGIAN": "ka",
    "ARMENIAN": "hy",
}


def detect_language(text: str | Iterable[str]) -> str | None:
    """Return the ISO 639-1 code of the language of *text* (parts are joined), or None when too little says so."""
    whole = text if isinstance(text, str) else _joined(text)
    whole = unicodedata.normalize("NFC", whole[:_MOST]).casefold()
    words = _WORD.findall(whole)
    if not words:
        return None
    script = _script(whole)
    if script is not None:
        return script
    counts = Counter(words)
    hits = {language: sum(counts[word] for word in little) for language, little in _LITTLE.items()}
    best, second = sorted(hits, key=lambda language: (-hits[language], language))[:2]
    enough = hits[best] >= _FEWEST_WORDS and hits[best] * 100 >= _FEWEST_SHARE * len(words)
    if enough and hits[best] * 10 >= hits[second] * 11:
        return best
    return _of_labels(counts, hits, len(words))


def _of_labels(counts: Counter[str], hits: Mapping[str, int], length: int) -> str | None:
    """Return the language that little words and labels tell together, or None: there it needs twice what any other has."""
    said = {language: hits[language] + sum(counts[word] for word in labels) for language, labels in _OWN_LABELS.items()}
    rivals = {**hits, **said}
    best, second = sorted(rivals, key=lambda language: (-rivals[language], language))[:2]
    enough = best in said and rivals[best] >= _FEWEST_OF_BOTH and rivals[best] * 100 >= _FEWEST_SHARE * length
    return best if enough and rivals[best] >= 2 * rivals[second] else None


def _joined(parts: Iterable[str]) -> str:
    kept: list[str] = []
    length = 0
    for part in parts:
        kept.append(part)
        length += len(part) + 1
        if length > _MOST:
            break
    return " ".join(kept)


def _script(text: str) -> str | None:
    """Return the language that the alphabet tells, or None for Latin and for too few letters."""
    if text[:4_000].isascii():
        return None
    letters = [letter for letter in text[:4_000] if letter.isalpha()]
    if sum(letter < _BEYOND_LATIN for letter in letters) * 2 > len(letters):
        return None
    if len(letters) < 8:
        return None
    scripts = Counter(unicodedata.name(letter, "?").split(" ", 1)[0].split("-", 1)[0] for letter in letters)
    name, count = min(scripts.items(), key=lambda item: (-item[1], item[0]))
    if scripts.get("HIRAGANA", 0) + scripts.get("KATAKANA", 0) > len(letters) // 10:
        return "ja"
    if count * 2 < len(letters):
        return None
    if name == "CYRILLIC":
        if re.search(r"[іїєґ]", text):
            return "uk"
        return "bg" if not re.search(r"[ыэё]", text) and re.search(r"ъ(?![еюя])", text) else "ru"
    return _SCRIPTS.get(name)
