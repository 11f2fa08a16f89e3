"""What office files of checklists say around the questions: headings, instructions, states, in the languages that are shipped."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

from auditor.checklist.answer_words import fold
from auditor.checklist.checklist import State
from auditor.model.row import Frozen

Field = Literal["answer", "note", "evidence", "author", "on", "expires_on"]
"""What people fill in."""

FIELDS: tuple[Field, ...] = ("answer", "note", "evidence", "author", "on", "expires_on")


class Labels(Frozen):
    """The words of one language; texts in braces are filled in."""

    cover: str  # names of sheets: at most 31 characters, none of []:*?/\
    checklist: str
    evidence_sheet: str
    score: str
    left_out: str

    number: str
    group: str
    question: str
    subject: str
    guidance: str
    known: str
    link: str
    weight: str
    result: str
    fields: dict[Field, str]  # headings of what people fill in: no two alike, none like another heading

    project: str
    as_of: str
    profile: str
    list_id: str
    how: str
    steps: tuple[str, ...]  # of workbooks
    document_steps: tuple[str, ...]
    filled_by: str
    filled_on: str
    legend: str
    meanings: dict[State, str]
    count: str
    counts: str
    answered_here: str
    still_open: str
    sign_off: str
    role: str
    name: str
    signature: str
    day: str
    contradiction: str
    more: str  # "{count} more"
    guard: str
    guard_title: str
    choose: str
    choose_title: str
    day_help: str
    day_title: str
    open_link: str
    place: str
    text: str
    reason: str
    questions: str
    answered: str
    points: str
    of: str
    share: str
    lowest: str
    highest: str
    band: str
    all: str
    from_percent: str
    advice: str
    nothing: str
    page: str  # "Page {page} of {pages}"
    type_here: str
    pick: str
    pick_day: str


_EN = Labels(
    cover="Cover",
    checklist="Checklist",
    evidence_sheet="Evidence",
    score="Score",
    left_out="Left out",
    number="No.",
    group="Group",
    question="Question",
    subject="About",
    guidance="What to look for",
    known="Known already",
    link="Link",
    weight="Weight",
    result="Counts as",
    fields={
        "answer": "Answer",
        "note": "Note",
        "evidence": "Your evidence",
        "author": "Answered by",
        "on": "Answered on",
        "expires_on": "Valid until",
    },
    project="Project",
    as_of="As of",
    profile="Audited by",
    list_id="List",
    how="How to fill in",
    steps=(
        "Enter your name and the day below: they hold for every line that names nobody else.",
        (
            "In the sheet “{checklist}” answer the lines marked “{open}” and “{to_confirm}”: {answers}. Leave what is right "
            "already as it is; "
            "to object, give your own answer."
        ),
        "“{not_applicable}” needs a note that says why. An answer of which the evidence may age can carry a day until which it is valid.",
        "Sort and filter as you like. Several people may each fill in a copy. Send the file back: auditor checklist read FILE.",
    ),
    document_steps=(
        "Enter your name and the day above: they hold for every question that names nobody else.",
        "Answer the questions marked “{open}” and “{to_confirm}”: {answers}. Leave what is right already; to object, give your own answer.",
        "“{not_applicable}” needs a note that says why. An answer may carry a day until which it is valid.",
        "Several people may each fill in a copy. Send the file back: auditor checklist read FILE.",
    ),
    filled_by="Filled in by",
    filled_on="Filled in on",
    legend="What the colours mean",
    meanings={
        "evidence": "decided by what the project's records show",
        "attested": "answered before by a person; what was shown then has not changed",
        "to_confirm": "answered before, but the answer expired or the evidence changed: please confirm or correct",
        "open": "only people can say: please answer",
        "not_applicable": "does not concern this project, for the reason given",
    },
    count="How many",
    counts="Where the list stands",
    answered_here="Answered in this file",
    still_open="Still without an answer",
    sign_off="Sign-off",
    role="Role",
    name="Name",
    signature="Signature",
    day="Day",
    contradiction="Contradicts the evidence",
    more="… and {count} more",
    guard="This cell belongs to the question. Your answer belongs into the columns “Answer”, “Note” and the like.",
    guard_title="Not for writing",
    choose="Please choose one of: {answers}",
    choose_title="Answer",
    day_help="A day between 1990 and 2100",
    day_title="Day",
    open_link="open",
    place="Place",
    text="What was found",
    reason="Why",
    questions="Questions",
    answered="Answered",
    points="Points",
    of="of",
    share="Score",
    lowest="At least",
    highest="At most",
    band="Band",
    all="All",
    from_percent="From",
    advice="What to do",
    nothing="—",
    page="Page {page} of {pages}",
    type_here="‹type here›",
    pick="‹choose›",
    pick_day="‹day›",
)
_FR = Labels(
    cover="Couverture",
    checklist="Liste de contrôle",
    evidence_sheet="Preuves",
    score="Score",
    left_out="Questions écartées",
    number="N°",
    group="Groupe",
    question="Question",
    subject="Concerne",
    guidance="À vérifier",
    known="Déjà connu",
    link="Lien",
    weight="Poids",
    result="Compte comme",
    fields={
        "answer": "Réponse",
        "note": "Remarque",
        "evidence": "Votre preuve",
        "author": "Répondu par",
        "on": "Répondu le",
        "expires_on": "Valable jusqu'au",
    },
    project="Projet",
    as_of="Situation au",
    profile="Référentiel",
    list_id="Liste",
    how="Comment remplir la liste",
    steps=(
        "Indiquez ci-dessous votre nom et la date : ils valent pour chaque ligne qui ne nomme personne d'autre.",
        (
            "Dans la feuille « {checklist} », répondez aux lignes « {open} » et « {to_confirm} » : {answers}. Laissez ce qui est "
            "déjà juste ; "
            "pour contester, donnez votre propre réponse."
        ),
        (
            "« {not_applicable} » demande une remarque qui dit pourquoi. Une réponse dont la preuve peut vieillir peut porter une "
            "date de fin "
            "de validité."
        ),
        (
            "Triez et filtrez librement. Plusieurs personnes peuvent remplir chacune une copie. Renvoyez le fichier : "
            "auditor checklist read FICHIER."
        ),
    ),
    document_steps=(
        "Indiquez ci-dessus votre nom et la date : ils valent pour chaque question qui ne nomme personne d'autre.",
        (
            "Répondez aux questions « {open} » et « {to_confirm} » : {answers}. Laissez ce qui est déjà juste ; pour contester, donnez "
            "votre propre réponse."
        ),
        "« {not_applicable} » demande une remarque qui dit pourquoi. Une réponse peut porter une date de fin de validité.",
        "Plusieurs personnes peuvent remplir chacune une copie. Renvoyez le fichier : auditor checklist read FICHIER.",
    ),
    filled_by="Rempli par",
    filled_on="Rempli le",
    legend="Signification des couleurs",
    meanings={
        "evidence": "tranché par les documents du projet",
        "attested": "une personne a déjà répondu ; ce qui était montré n'a pas changé",
        "to_confirm": "réponse expirée, ou preuve modifiée : merci de confirmer ou de corriger",
        "open": "seules les personnes peuvent le dire : merci de répondre",
        "not_applicable": "ne concerne pas ce projet, pour la raison indiquée",
    },
    count="Nombre",
    counts="Où en est la liste",
    answered_here="Répondu dans ce fichier",
    still_open="Encore sans réponse",
    sign_off="Approbation",
    role="Rôle",
    name="Nom",
    signature="Signature",
    day="Date",
    contradiction="Contredit la preuve",
    more="… et {count} autres",
    guard="Cette cellule appartient à la question. Votre réponse va dans les colonnes « Réponse », « Remarque », etc.",
    guard_title="Ne pas modifier",
    choose="Veuillez choisir parmi : {answers}",
    choose_title="Réponse",
    day_help="Une date entre 1990 et 2100",
    day_title="Date",
    open_link="ouvrir",
    place="Endroit",
    text="Ce qui a été trouvé",
    reason="Pourquoi",
    questions="Questions",
    answered="Répondues",
    points="Points",
    of="sur",
    share="Score",
    lowest="Au moins",
    highest="Au plus",
    band="Niveau",
    all="Total",
    from_percent="À partir de",
    advice="Que faire",
    nothing="—",
    page="Page {page} sur {pages}",
    type_here="‹écrire ici›",
    pick="‹choisir›",
    pick_day="‹date›",
)
_DE = Labels(
    cover="Deckblatt",
    checklist="Checkliste",
    evidence_sheet="Nachweise",
    score="Bewertung",
    left_out="Weggelassen",
    number="Nr.",
    group="Gruppe",
    question="Frage",
    subject="Betrifft",
    guidance="Worauf zu achten ist",
    known="Schon bekannt",
    link="Link",
    weight="Gewicht",
    result="Zählt als",
    fields={
        "answer": "Antwort",
        "note": "Bemerkung",
        "evidence": "Ihr Nachweis",
        "author": "Beantwortet von",
        "on": "Beantwortet am",
        "expires_on": "Gültig bis",
    },
    project="Projekt",
    as_of="Stand",
    profile="Maßstab",
    list_id="Liste",
    how="So füllen Sie die Liste aus",
    steps=(
        "Tragen Sie unten Ihren Namen und den Tag ein: Sie gelten für jede Zeile, die niemand anderen nennt.",
        (
            "Beantworten Sie im Blatt „{checklist}“ die Zeilen „{open}“ und „{to_confirm}“: {answers}. Was schon stimmt, bleibt "
            "stehen; wenn "
            "Sie widersprechen, geben Sie Ihre eigene Antwort."
        ),
        (
            "„{not_applicable}“ braucht eine Bemerkung, die sagt, warum. Eine Antwort, deren Nachweis veralten kann, darf einen "
            "Tag tragen, "
            "bis zu dem sie gilt."
        ),
        (
            "Sortieren und filtern Sie nach Belieben. Mehrere Personen können je eine Kopie ausfüllen. Zurück damit: "
            "auditor checklist read DATEI."
        ),
    ),
    document_steps=(
        "Tragen Sie oben Ihren Namen und den Tag ein: Sie gelten für jede Frage, die niemand anderen nennt.",
        (
            "Beantworten Sie die Fragen „{open}“ und „{to_confirm}“: {answers}. Was schon stimmt, bleibt stehen; wenn Sie widersprechen, "
            "geben Sie Ihre eigene Antwort."
        ),
        "„{not_applicable}“ braucht eine Bemerkung, die sagt, warum. Eine Antwort darf einen Tag tragen, bis zu dem sie gilt.",
        "Mehrere Personen können je eine Kopie ausfüllen. Zurück damit: auditor checklist read DATEI.",
    ),
    filled_by="Ausgefüllt von",
    filled_on="Ausgefüllt am",
    legend="Was die Farben bedeuten",
    meanings={
        "evidence": "entschieden durch das, was die Unterlagen des Projekts zeigen",
        "attested": "eine Person hat schon geantwortet; was gezeigt wurde, ist unverändert",
        "to_confirm": "Antwort abgelaufen oder Nachweis geändert: bitte bestätigen oder berichtigen",
        "open": "das können nur Menschen sagen: bitte beantworten",
        "not_applicable": "betrifft dieses Projekt nicht, aus dem genannten Grund",
    },
    count="Anzahl",
    counts="Wo die Liste steht",
    answered_here="In dieser Datei beantwortet",
    still_open="Noch ohne Antwort",
    sign_off="Freigabe",
    role="Rolle",
    name="Name",
    signature="Unterschrift",
    day="Tag",
    contradiction="Widerspricht dem Nachweis",
    more="… und {count} weitere",
    guard="Diese Zelle gehört zur Frage. Ihre Antwort gehört in die Spalten „Antwort“, „Bemerkung“ und so weiter.",
    guard_title="Nicht zum Beschreiben",
    choose="Bitte wählen Sie: {answers}",
    choose_title="Antwort",
    day_help="Ein Tag zwischen 1990 und 2100",
    day_title="Tag",
    open_link="öffnen",
    place="Stelle",
    text="Was gefunden wurde",
    reason="Warum",
    questions="Fragen",
    answered="Beantwortet",
    points="Punkte",
    of="von",
    share="Bewertung",
    lowest="Mindestens",
    highest="Höchstens",
    band="Stufe",
    all="Alle",
    from_percent="Ab",
    advice="Was zu tun ist",
    nothing="—",
    page="Seite {page} von {pages}",
    type_here="‹hier schreiben›",
    pick="‹wählen›",
    pick_day="‹Tag›",
)
_ES = Labels(
    cover="Portada",
    checklist="Lista de control",
    evidence_sheet="Evidencias",
    score="Puntuación",
    left_out="Preguntas omitidas",
    number="N.º",
    group="Grupo",
    question="Pregunta",
    subject="Se refiere a",
    guidance="Qué comprobar",
    known="Ya conocido",
    link="Enlace",
    weight="Peso",
    result="Cuenta como",
    fields={
        "answer": "Respuesta",
        "note": "Nota",
        "evidence": "Su evidencia",
        "author": "Respondido por",
        "on": "Respondido el",
        "expires_on": "Válido hasta",
    },
    project="Proyecto",
    as_of="Situación a",
    profile="Referencia",
    list_id="Lista",
    how="Cómo rellenar la lista",
    steps=(
        "Escriba abajo su nombre y la fecha: valen para cada línea que no nombre a otra persona.",
        (
            "En la hoja «{checklist}» responda a las líneas «{open}» y «{to_confirm}»: {answers}. Deje lo que ya es correcto; "
            "para objetar, dé "
            "su propia respuesta."
        ),
        (
            "«{not_applicable}» necesita una nota que diga por qué. Una respuesta cuya evidencia puede envejecer puede llevar una fecha de "
            "validez."
        ),
        (
            "Ordene y filtre como quiera. Varias personas pueden rellenar cada una una copia. Devuelva el archivo: "
            "auditor checklist read ARCHIVO."
        ),
    ),
    document_steps=(
        "Escriba arriba su nombre y la fecha: valen para cada pregunta que no nombre a otra persona.",
        (
            "Responda a las preguntas «{open}» y «{to_confirm}»: {answers}. Deje lo que ya es correcto; para objetar, dé su propia "
            "respuesta."
        ),
        "«{not_applicable}» necesita una nota que diga por qué. Una respuesta puede llevar una fecha de validez.",
        "Varias personas pueden rellenar cada una una copia. Devuelva el archivo: auditor checklist read ARCHIVO.",
    ),
    filled_by="Rellenado por",
    filled_on="Rellenado el",
    legend="Qué significan los colores",
    meanings={
        "evidence": "decidido por lo que muestran los documentos del proyecto",
        "attested": "una persona ya respondió; lo mostrado no ha cambiado",
        "to_confirm": "respuesta caducada o evidencia cambiada: confirme o corrija, por favor",
        "open": "solo las personas pueden decirlo: responda, por favor",
        "not_applicable": "no afecta a este proyecto, por el motivo indicado",
    },
    count="Cuántas",
    counts="Cómo está la lista",
    answered_here="Respondidas en este archivo",
    still_open="Aún sin respuesta",
    sign_off="Aprobación",
    role="Función",
    name="Nombre",
    signature="Firma",
    day="Fecha",
    contradiction="Contradice la evidencia",
    more="… y {count} más",
    guard="Esta celda pertenece a la pregunta. Su respuesta va en las columnas «Respuesta», «Nota», etc.",
    guard_title="No escribir aquí",
    choose="Elija entre: {answers}",
    choose_title="Respuesta",
    day_help="Una fecha entre 1990 y 2100",
    day_title="Fecha",
    open_link="abrir",
    place="Lugar",
    text="Qué se encontró",
    reason="Por qué",
    questions="Preguntas",
    answered="Respondidas",
    points="Puntos",
    of="de",
    share="Puntuación",
    lowest="Al menos",
    highest="Como máximo",
    band="Nivel",
    all="Todas",
    from_percent="Desde",
    advice="Qué hacer",
    nothing="—",
    page="Página {page} de {pages}",
    type_here="‹escriba aquí›",
    pick="‹elegir›",
    pick_day="‹fecha›",
)

LABELS: Mapping[str, Labels] = MappingProxyType({"en": _EN, "fr": _FR, "de": _DE, "es": _ES})
"""Language → what office files say in it."""


def labels_of(language: str) -> Labels:
    """Return the labels of *language*; English where it is not shipped."""
    return LABELS.get(language.partition("-")[0].lower(), _EN)


def field_of(heading: str) -> Field | None:
    """Return what the column or cell with this heading is for, in any shipped language; None: nothing that people fill in."""
    return _HEADINGS.get(fold(heading).rstrip(" *"))


_HEADINGS: dict[str, Field] = {fold(text): field for labels in LABELS.values() for field, text in labels.fields.items()}
