"""Words that turn a message: into a question, a request, a yes, a no, a greeting, a call for a person."""

import re

_FEW_WORDS = 4
_REQUEST = re.compile(
    r"\b(please|pls|plz|need|needs|bring|send|want|would like|i'?d like|we'?d like|give me|get me|"
    r"order|book|arrange|call (me|us|a|an|the)|fix|repair|replace|wake (me|us)|could (i|we|you|someone|"
    r"somebody)"
    r"|can (i|we) (please )?(get|have|order|book|request)|can (you|someone|somebody)|may (i|we) "
    r"(have|get|order)|deliver|more|another|extra|missing|ran out|run out|out of"
    r"|bitte|brauch\w*|bring\w*|schick\w*|mochte\w*|hatte\w* gern\w*|hatten gern\w*|konnen sie|"
    r"konnten sie|konnte ich|kann ich .* (haben|bekommen|bestellen)|bestell\w*|wecken sie|rufen sie"
    r"|besoin|apport\w+|envoy\w+|voudrai\w*|aimerai\w*|pourri\w+|pourrai\w*|pouvez|puis-je avoir|"
    r"s'il (vous|te) plait|svp|appele[rz]|reveillez|commander"
    r"|necesit\w+|tra(er|iga\w*|e[rn]?me)|envi\w+|quier\w+|quisier\w+|pued(e|en|o tener)|podri\w+|"
    r"por favor|me gustaria|pedir|llam(e|en|ar)"
    r"|bisogno|port(are|ate|armi|atemi)|vorre\w+|mand(are|ate)|potre\w+|potete|puo|per favore|"
    r"posso avere|ordinare|chiam(are|ate)|svegliatemi)\b"
)
_QUESTION_WORD = re.compile(
    r"^(and |hi[,!]? |hello[,!]? |hallo[,!]? |bonjour[,!]? |hola[,!]? |ciao[,!]? )?"
    r"(when|where|what|which|how|who|why|wann|wo|was|welche\w*|wie|wer|warum|quand|ou|quel\w*|"
    r"comment|combien|qui|pourquoi|a quelle|que|cuando|donde|cual\w*|como|quien|cuanto\w*|a que"
    r"|quando|dove|cosa|che|quale|quali|come|chi|quanto|a che|qual)\b"
)
_QUESTION_OPENER = re.compile(
    r"^(is|are|do|does|did|can|could|may|has|have|will|should|any|gibt|haben|hat|kann|konnen|darf|"
    r"ist|sind|muss|y a-t-il|il y a|est-ce|avez|peut|puis|est|faut|hay|tiene\w*|se puede|puedo|es|"
    r"esta"
    r"|c'e|ci sono|avete|si puo|posso|e possibile|e)\b"
)
_POLICY = re.compile(
    r"\b(how much|cost\w*|price\w*|fee|free of charge|possible|included|kostet|preis|moglich|combien|"
    r"prix|possible|cuanto|precio|posible|quanto|prezzo|possibile|policy)\b"
)
_PRICE = re.compile(
    r"\b(how much|cost\w*|prices?|fees?|charges?|kostet|kosten|preis\w*|combien|prix|coute\w*|cuanto|"
    r"cuest\w+|"
    r"precios?|quanto|costa\w*|prezz\w)\b"
)
_PERSON = re.compile(
    r"\b(talk|speak|chat|connect( me)?|put me through|transfer( me)?)( with| to)? (a |an |the |"
    r"some|with )?(real )?(person|human|someone|somebody|reception\w*|front desk|agent|staff|"
    r"manager|operator|member of staff)\b"
    r"|\b(real|human) (person|agent|being)\b|\b(mit|zu) (einem|der|jemandem|einer) ?(menschen|"
    r"mitarbeiter\w*|rezeption|person)?\b.*\b(sprechen|reden|verbinden)\b|\bmit jemandem (sprechen|"
    r"reden)\b"
    r"|\bparler (a|avec) (une?|la|le|quelqu'un)( vraie)? ?(personne|humain|reception|"
    r"receptionniste|responsable)?|\bhablar con (una?|la|el|alguien)( )?(persona|humano|recepcion|"
    r"recepcionista|encargad[oa])?"
    r"|\bparlare con (una?|la|il|qualcuno)( )?(persona|umano|reception|responsabile|operatore)?"
)
_YES = re.compile(
    r"^(yes|yep|yeah|yup|ok|okay|sure|please do|go ahead|confirm|correct|do it|of course|absolutely|"
    r"definitely|"
    r"certainly|exactly|sounds good|perfect|ja|jawohl|gerne?|genau|naturlich|selbstverstandlich|klar|auf "
    r"jeden fall|"
    r"bestatigen|oui|d'accord|volontiers|bien sur|absolument|exactement|tout a fait|parfait|si|claro( que "
    r"si)?|vale|"
    r"de acuerdo|por supuesto|exacto|perfecto|certo|va bene|certamente|assolutamente|esatto|perfetto|"
    r"confermo|"
    r"confirmo)"
    r"([ ,.!]+(yes|please|thanks|thank you|bitte|danke|s'il vous plait|svp|merci|por favor|"
    r"gracias|per favore|grazie))?"
    r"([ ,.!]+(in |for |it'?s |im |fur |dans |en |la |in )?(my )?(room|zimmer|chambre|habitacion|camera) "
    r"[\w-]*\d[\w-]*)?"
    r"[ .!]*$"
)
# A thumb up or a tick says yes by itself; any other picture only goes with words.
_NODS = re.compile("[\N{THUMBS UP SIGN}\N{WHITE HEAVY CHECK MARK}\N{OK HAND SIGN}]")
_PICTURES = re.compile(r"[^\w\s'.,!?-]")
_NO = re.compile(
    r"^(no|nope|nah|cancel|don'?t|never ?mind|nein|nicht|abbrechen|non|annuler|cancelar|annulla)([ "
    r",]+(thanks?|thank you|danke|merci|gracias|grazie))?[ .!]*$"
)
_GREETING = re.compile(
    r"^(hi|hello|hey|good (morning|evening|afternoon|day)|hallo|guten (tag|morgen|abend)|servus|"
    r"bonjour|bonsoir|salut|hola|buen[oa]s( dias| tardes| noches)?|ciao|buongiorno|buonasera|thanks?( "
    r"you)?( very much)?|danke( schon)?|merci( beaucoup)?|gracias|grazie( mille)?)"
    r"( there| all| everyone)?[ .!,]*$"
)


def is_question(text: str) -> bool:
    """Whether the folded text wants an answer before anything is done."""
    if _QUESTION_WORD.match(text):
        return True
    if _REQUEST.search(text):
        return bool(_POLICY.search(text))
    return bool(_QUESTION_OPENER.match(text)) or text.endswith("?")


def is_request(text: str) -> bool:
    """Whether the folded text asks for something to be done: by its words, or as an order of a few words."""
    return bool(_REQUEST.search(text)) or (len(text.split()) <= _FEW_WORDS and not is_question(text))


def asks_price(text: str) -> bool:
    """Whether the folded text wants to know what something costs."""
    return bool(_PRICE.search(text))


def wants_person(text: str) -> bool:
    """Whether the folded text calls for a person."""
    return bool(_PERSON.search(text))


def is_yes(text: str) -> bool:
    """Whether the folded text is a yes and nothing else."""
    words = _PICTURES.sub("", text).strip()
    return bool(_YES.match(words)) if words else bool(_NODS.search(text))


def is_no(text: str) -> bool:
    """Whether the folded text is a no and nothing else."""
    return bool(_NO.match(text))


def is_greeting(text: str) -> bool:
    """Whether the folded text is a greeting or thanks and nothing else."""
    return bool(_GREETING.match(text))
