"""Things guests ask for, and the department that brings them."""

import re

from hotelctl.app.domain.assistant.lexicon import names
from hotelctl.app.domain.assistant.wishes import ActionKind, Wish

# Topic, department or category, title, what it is called in the five languages (folded).
_THINGS: tuple[tuple[str, str, str, str], ...] = (
    (
        "towels",
        "housekeeping",
        "Towels",
        r"(bath|hand|pool)? ?towels?|handtuch\w*|badetuch\w*|badetucher|serviettes?( de (bain|"
        r"toilette))?"
        r"|toallas?|asciugaman[oi]",
    ),
    (
        "bedding",
        "housekeeping",
        "Bedding",
        r"pillows?|blankets?|duvets?|(bed ?)?sheets?|bed linen|kissen|kopfkissen|decken?|bettdecken?|"
        r"bettwasche"
        r"|laken|oreillers?|couvertures?|couettes?|draps?|almohadas?|mantas?|sabanas?|cuscin[oi]|"
        r"coperte?|lenzuol[ao]",
    ),
    (
        "cleaning",
        "housekeeping",
        "Room cleaning",
        r"clean(ed|ing)?( of)?( up)?|make up (my|the|our) room|(empty|take out) the (bin|trash|"
        r"rubbish)|vacuum"
        r"|reinig\w*|putzen|aufraumen|sauber\w*|zimmerreinigung|nettoy\w*|faire (la|ma|notre) chambre|"
        r"menage|limpi\w+|puli\w+|rifare la (camera|stanza)",
    ),
    (
        "toiletries",
        "amenity",
        "Toiletries",
        r"soap|shampoo|conditioner|shower gel|toilet paper|toilet rolls?|tissues|toothbrush\w*|"
        r"toothpaste|razors?|slippers"
        r"|bath ?robes?|seife|duschgel|toilettenpapier|klopapier|zahnburste\w*|zahnpasta|hausschuhe|"
        r"bademant\w+|savon|shampooing|gel douche"
        r"|papier (toilette|hygienique)|brosses? a dents|dentifrice|pantoufles|chaussons|peignoirs?|"
        r"jabon|champu|papel higienico|cepillos? de dientes"
        r"|zapatillas|albornoz|sapone|carta igienica|spazzolin[oi]|dentifricio|pantofole|accappato\w+",
    ),
    (
        "equipment",
        "amenity",
        "Equipment for the room",
        r"hair ?dryer|iron(ing board)?|kettle|adapt[eo]rs?|chargers?|(baby )?(crib|cot)|high ?chair|"
        r"extra bed|umbrella|corkscrew"
        r"|extra hangers|hangers|fohn|haartrockner|bugel(eisen|brett)|wasserkocher|adapter|ladegerat|"
        r"ladekabel|kinderbett|babybett|kinderstuhl|zustellbett"
        r"|regenschirm|kleiderbugel|seche-cheveux|fer a repasser|bouilloire|adaptateur|chargeur|lit "
        r"(bebe|d'appoint|supplementaire)|parapluie|cintres"
        r"|secador( de pelo)?|plancha|hervidor|adaptador|cargador|cuna|cama supletoria|paraguas|"
        r"perchas|asciugacapelli|phon|ferro da stiro|bollitore"
        r"|adattatore|caricabatteri\w+|culla|lettino|ombrello|grucce",
    ),
    (
        "room-service",
        "room_service",
        "Room service",
        r"room service|(club )?sandwich(es)?|burgers?|cheeseburgers?|pizzas?|salads?|bottles? of (wine|"
        r"water|champagne)|water bottles?"
        r"|ice( bucket| cubes)?|(pot of |cup of )?(coffee|tea) (to|in|for) (my|our|the) room|"
        r"breakfast (in bed|to (my|our|the) room|in (my|our|the) room)"
        r"|zimmerservice|flaschen? (wasser|wein|sekt|champagner)|eiswurfel|fruhstuck (aufs|ans|im) "
        r"(zimmer|bett)|service d'etage|service en chambre"
        r"|bouteilles? d[e'] ?(eau|vin|champagne)|glacons|petit[- ]dejeuner (en|dans la|dans ma) "
        r"chambre|servicio de habitaciones|botellas? de (agua|vino)"
        r"|hielo|desayuno en la habitacion|servizio in camera|bottigli[ae] d[i'] ?(acqua|vino)|"
        r"ghiaccio|colazione in camera",
    ),
)
_NAMED = tuple((topic, order, title, names(pattern)) for topic, order, title, pattern in _THINGS)
_COUNT = re.compile(
    r"\b(\d{1,2}|two|three|four|five|zwei|drei|vier|deux|trois|quatre|dos|tres|cuatro|due|tre|"
    r"quattro)\b"
)
_NUMBERS = {
    word: str(number)
    for number, group in enumerate(
        (
            ("two", "zwei", "deux", "dos", "due"),
            ("three", "drei", "trois", "tres", "tre"),
            ("four", "vier", "quatre", "cuatro", "quattro"),
            ("five",),
        ),
        start=2,
    )
    for word in group
}


def _titled(title: str, before: str) -> str:
    counts = _COUNT.findall(before[-24:])
    return f"{title} ({_NUMBERS.get(counts[-1], counts[-1])})" if counts else title


def things(text: str) -> list[Wish]:
    """One wish for each thing that the folded text names, with the number before it."""
    found = []
    for topic, order, title, named in _NAMED:
        match = named.search(text)
        if match:
            title_here = _titled(title, text[: match.start()])
            found.append(Wish(ActionKind.WORK_ORDER, topic, order, title_here))
    return found


def catalogue() -> dict[str, Wish]:
    """The wish of each topic."""
    return {topic: Wish(ActionKind.WORK_ORDER, topic, order, title) for topic, order, title, _ in _NAMED}
