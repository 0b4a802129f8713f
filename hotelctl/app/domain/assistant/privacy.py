"""Questions about other guests and the private life of staff."""

from hotelctl.app.domain.assistant.lexicon import any_of

_PATTERNS = (
    r"\b(which|what) room (is|does|has)\b.*\b(in|stay\w*|sleep\w*|have|has|got|guest|mr|mrs|ms|"
    r"miss|he|she|they)\b",
    r"\b(which|what)('s| is)? (the )?room( number)? (of|for|is) (mr|mrs|ms|miss|dr|my|the|a|that)\b",
    r"\broom number (of|for) (?!my booking|this|our)\w+",
    r"\bwho (is|was|are|stays?|lives?|slept|else is) ((staying|sleeping|living) )?(in|at) (the "
    r")?(room|suite|number|apartment)\b",
    r"\b(is|are|was|did|has) (mr|mrs|ms|miss|dr)\.? ?\w+ (staying|here|checked|check|a guest|still|"
    r"in|arrive\w*|leave|left)\b",
    r"\b(is|are) \w+ \w+ (staying|a guest|checked in|checked into)\b",
    r"\b(other|another|different|all( the)?|any) guests?'?s?('s)?\b.*\b(names?|rooms?|numbers?|"
    r"phones?|e-?mails?|address\w*"
    r"|passports?|bookings?|details?|data|list|bills?|stay\w*)\b",
    r"\b(names?|rooms?|phones?|numbers?|e-?mails?|address\w*|passports?|bookings?|details?|data|"
    r"list|bills?|messages?)"
    r" (of|for|from|about) (the |all |any |all the )?(other |another |next |previous |last |vip )?guests?\b",
    r"\bguest ?list\b|\bguests? (in|of|from) (the )?room \d+|\bother people'?s (rooms?|data|"
    r"messages?|requests?)\b",
    r"\b(home|private|personal|mobile) (address|phone|number|e-?mail|telephone)\b.*\b(of|for|from)\b",
    r"\b(manager|receptionist|maid|cleaner|waiter|waitress|bartender|employee|staff|chef|"
    r"housekeeper|porter)('s|s'|s)?"
    r" (home|private|personal|phone|mobile|address|surname|last name|shift|e-?mail|number|salary)\b",
    r"\bwhere does\b.*\b(live|lives)\b|\bwhat (did|does|has) (the )?(guest|person|people|room|mr|"
    r"mrs|couple|lady|man)\b",
    r"\b(in welchem zimmer|welches zimmer|welche zimmernummer)\b.*\b(ist|hat|wohnt|schlaft|herr|frau|von)\b"
    r"|\bzimmernummer (von|der|des)\b|\bwer (wohnt|ist|schlaft) (in|im) zimmer\b|\bgasteliste\b"
    r"|\b(namen?|daten|zimmer|telefonnummern?|adressen?)( der)?( anderen)? (gaste|gasten|gastes)\b|"
    r"\bandere\w* gast\w*\b"
    r"|\b(privat|handy)(adresse|nummer|telefon)\w*\b|\bist (herr|frau) \w+\b|\bwo wohnt\b",
    r"\b(dans )?quelle chambre\b.*\b(est|loge|dort|monsieur|madame|m|mme|a)\b|\bnumero de (la "
    r")?chambre d[eu']|"
    r"\bqui (loge|dort|est|occupe)( dans)? la chambre\b|\bautres? clients?\b|\bliste des clients\b"
    r"|\b(adresse|numero|telephone) (personnel\w*|prive\w*)\b|\best-ce que (monsieur|madame|m|mme)\b",
    r"\b(en )?que habitacion\b.*\b(esta|duerme|senor|senora|tiene)\b|\bnumero de (la )?habitacion (de|del)\b"
    r"|\bquien (esta|duerme|vive|se aloja)\b.*\bhabitacion\b|\botros? (huesped\w*|clientes?)\b|"
    r"\blista de huespedes\b"
    r"|\b(direccion|telefono|numero) (privad[oa]|personal)\b",
    r"\b(in )?(quale|che) (camera|stanza)\b.*\b(e|alloggia|dorme|signor|signora)\b|\bnumero di "
    r"(camera|stanza) (di|del)\b"
    r"|\bchi (c'e|e|dorme|alloggia)\b.*\b(camera|stanza)\b|\baltri (ospiti|clienti)\b|\blista degli ospiti\b"
    r"|\b(indirizzo|telefono|numero) (privato|personale)\b",
)
MARKS = any_of(_PATTERNS)
