"""Faults guests report: something that should work and does not, leaks, noise."""

import re

from hotelctl.app.domain.assistant.lexicon import names
from hotelctl.app.domain.assistant.wishes import ActionKind, Wish

_FAULTY = (
    r"a\.?c\.?|air[- ]?con(ditioning|ditioner)?|aircon|heat(ing|er)|radiator|shower|bath ?tub|"
    r"toilet|sink|tap|faucet|drain|lights?|lamps?|bulb|tv|television"
    r"|remote( control)?|windows?|doors?|locks?|safe|(mini ?)?(fridge|bar)|wi-?fi|internet|key "
    r"?card|key|socket|outlet|power|electricity|phone|telephone"
    r"|curtains?|blinds?|elevator|lift|ceiling|pipe|hair ?dryer|kettle|bed|chair|table|balcony|hot "
    r"water|water"
    r"|klima\w*|heizung|dusche|badewanne|toilette|klo|waschbecken|wasserhahn|abfluss|licht|"
    r"lampe\w*|gluhbirne|fernseher|fernbedienung|fenster|tur|schloss|tresor"
    r"|kuhlschrank|minibar|wlan|schlusselkarte|steckdose|strom|telefon|vorhang\w*|aufzug|bett|"
    r"warmes wasser|wasser"
    r"|clim\w*|chauffage|douche|baignoire|toilettes|wc|lavabo|robinet|lumiere|ampoule|lampe|"
    r"tele\w*|fenetre|porte|serrure|coffre\w*|frigo|refrigerateur|prise"
    r"|carte|ascenseur|eau chaude|eau|lit"
    r"|aire( acondicionado)?|calefaccion|ducha|banera|inodoro|bano|lavabo|grifo|luz|bombilla|"
    r"lampara|ventana|puerta|cerradura|caja fuerte|nevera|enchufe"
    r"|tarjeta|ascensor|agua( caliente)?|cama"
    r"|aria condizionata|condizionatore|riscaldamento|doccia|vasca|water|gabinetto|lavandino|"
    r"rubinetto|luce|lampadina|lampada|televisore|finestra|porta|serratura"
    r"|cassaforte|frigorifero|presa|tessera|ascensore|acqua( calda)?|letto"
)
_BROKEN = (
    r"broken|broke|out of order|not work\w*|(doesn'?t|does not|don'?t|do not|isn'?t|is not|won'?t|"
    r"stopped|can'?t get .{0,20}to) (work\w*|turn\w*|open\w*|close|closing|lock\w*"
    r"|flush\w*|drain\w*|switch\w*|cool\w*|heat\w*|start\w*|function\w*|connect\w*)|faulty|"
    r"defective|leak\w*|dripping|drips|clogged|blocked|overflow\w*|flooded|flooding|stuck|jammed"
    r"|flicker\w*|burn(ed|t) out|cracked|too (hot|cold)|freezing|no (hot water|power|electricity|"
    r"water|heating|internet|wi-?fi)|down"
    r"|kaputt|defekt|funktionier\w* (leider )?nicht|geht (leider )?nicht|tropft|undicht|verstopft|"
    r"klemmt|flackert|kein (warmes wasser|strom|wlan|wasser|licht)|keine heizung|lauft uber|zu kalt"
    r"|en panne|ne (marche|fonctionne|chauffe|ferme|s'ouvre|s'allume) (pas|plus)|fuite|fuit|"
    r"cassee?|bouchee?|bloquee?|pas d'(eau chaude|electricite|internet|eau)|goutte"
    r"|rot[oa]|no (funciona\w*|va|enfria|calienta|cierra|abre|enciende)|averiad[oa]|gotea|"
    r"atascad[oa]|fuga|no hay (agua( caliente)?|luz|internet|wifi)|estropead[oa]"
    r"|rott[oa]|non (funziona\w*|va|si (chiude|apre|accende)|raffredda|scalda)|perde|guast[oa]|"
    r"intasat[oa]|bloccat[oa]|gocciola|non c'e (acqua( calda)?|luce|internet)"
)
_LEAKS = (
    r"\bwater (is |was )?(coming|running|leaking|dripping|pouring|streaming|gushing|flooding|spraying) "
    r"(out|from|"
    r"through|down|in)|\b(room|bathroom|floor) (is |was )?(flooded|under water)\b|\buberschwemm\w*|"
    r"\binond\w+|"
    r"\binundad\w*|\ballagat\w*|\b(a|water) leak\b|"
    r"\bwasserschaden\b|\bfuite d'eau\b|\bfuga de agua\b|\bperdita d'acqua\b"
)
_NOISE = (
    r"\b(too|so|very|really|extremely|such a) (loud|noisy|much noise)|\b(loud|constant|terrible|"
    r"strange) (noise|music|party)|\b(neighbou?rs?|people|next door|room next).{0,30}\b(loud|noisy|"
    r"noise|party\w*|shouting)"
    r"|\b(zu|sehr|so) laut\b|\blarm\b|\btrop de bruit|\bbruyant\w*|\btres fort le bruit|\bmucho "
    r"ruido\b|\bmuy ruidos\w*|\btroppo (rumore|rumoros\w*)|\bmolto rumore\b"
)
_TO_MEND = names(
    r"fix(ed)?|repair(ed)?|mend(ed)?|reparier\w*|repar(er|ez|e|en|ar|are)|riparare|ripar(i|ate)|"
    r"aggiust\w+|arregl\w+"
)
_PESTS = names(
    r"bed ?bugs?|bugs in (my|our|the) bed|cockroach(es)?|roaches|ants|mice|rats|(a )?(mouse|rat) in|"
    r"bettwanzen?|wanzen|"
    r"kakerlaken?|ameisen|mause|ratten|punaises?( de lit)?|cafards?|souris|fourmis|chinches?|cucarachas?|"
    r"ratones|"
    r"hormigas|cimici|scarafagg\w+|topi|formiche"
)
_FAULTY_NAMES, _BROKEN_WORDS = names(_FAULTY), names(_BROKEN)
_LEAK_WORDS, _NOISE_WORDS = re.compile(_LEAKS), re.compile(_NOISE)


_FAULT = Wish(ActionKind.WORK_ORDER, "fault", "maintenance", "Something is not in order")
_PESTS_WISH = Wish(ActionKind.WORK_ORDER, "pests", "housekeeping", "Pests in the room")
_NOISE_WISH = Wish(ActionKind.WORK_ORDER, "noise", "maintenance", "Noise")


def faults(text: str) -> list[Wish]:
    """The maintenance that the folded text asks for."""
    found = []
    is_faulty = _BROKEN_WORDS.search(text) or _TO_MEND.search(text)
    if (_FAULTY_NAMES.search(text) and is_faulty) or _LEAK_WORDS.search(text):
        found.append(_FAULT)
    if _PESTS.search(text):
        found.append(_PESTS_WISH)
    if _NOISE_WORDS.search(text):
        found.append(_NOISE_WISH)
    return found


def catalogue() -> dict[str, Wish]:
    """The wish of each topic."""
    return {wish.topic: wish for wish in (_FAULT, _PESTS_WISH, _NOISE_WISH)}
