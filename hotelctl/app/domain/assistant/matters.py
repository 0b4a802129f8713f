"""Matters that people at the desk take care of: complaints, lost things, late check-out, rides, calls."""

from hotelctl.app.domain.assistant.lexicon import names
from hotelctl.app.domain.assistant.wishes import ActionKind, Wish

_MATTERS: tuple[tuple[str, str, str, str], ...] = (
    (
        "complaint",
        "complaint",
        "Complaint",
        r"complain(t|ing|ts)?|unacceptable|disgusting|file a complaint|not satisfied|want (a|my) "
        r"(refund|money back)|beschwerde\w*|beschweren|unzumutbar"
        r"|plainte|me plaindre|inacceptable|quej(a|ar|arme)|inaceptable|reclamo|lamentarmi|inaccettabile",
    ),
    (
        "lost-item",
        "lost_item",
        "Lost item",
        r"(i|we|have|'ve)( just| have)? (lost|left|forgot(ten)?|misplaced) (my|our|a|an|the)|my \w+ "
        r"(is|are|was|were) (missing|lost|gone|stolen)"
        r"|(habe|haben) .{0,40}\b(verloren|vergessen|liegen ?(ge)?lassen)|perdu (mon|ma|mes|notre)|"
        r"oublie (mon|ma|mes|notre)|(he|hemos) (perdido|olvidado)|perd[ií] (mi|mis)"
        r"|ho (perso|dimenticato|lasciato)|abbiamo (perso|dimenticato)",
    ),
    (
        "late-check-out",
        "late_checkout",
        "Late check-out",
        r"late check[- ]?out|check(ing)? ?[- ]?out (a bit |a little )?late(r)?|later check[- ]?out|"
        r"leave (the room )?later|extend (my|our) (stay|check[- ]?out)"
        r"|spater (auschecken|abreisen)|spater\w* (check-?out|abreise)|depart tardif|partir plus tard|"
        r"salida tardia|salir mas tarde|check-?out (tardivo|posticipato)|partire piu tardi",
    ),
    (
        "locked-out",
        "access",
        "Locked out of the room",
        r"locked (my ?self |our ?selves |us |me )?out|can'?t get into (my|our|the) room|"
        r"ausgesperrt|enfermee?s? dehors|(fuera|afuera) de (la|mi|nuestra) habitacion|chius[oaie] fuori",
    ),
    ("taxi", "concierge", "Taxi", r"taxis?|cab|uber|un taxi"),
    (
        "wake-up",
        "concierge",
        "Wake-up call",
        r"wake[- ]?up call|wake (me|us)( up)?|weck(en|ruf)\w*|wecken sie|reveil (telephonique|a)|"
        r"reveille[rz]|despert(ar|arme|ador|arnos)|llamada de despertador|svegli(a|armi|arci)",
    ),
)
_NAMED = tuple((topic, category, title, names(pattern)) for topic, category, title, pattern in _MATTERS)


def matters(text: str) -> list[Wish]:
    """One wish for each matter that the folded text names."""
    return [
        Wish(ActionKind.TICKET, topic, category, title)
        for topic, category, title, named in _NAMED
        if named.search(text)
    ]


def catalogue() -> dict[str, Wish]:
    """The wish of each topic."""
    return {topic: Wish(ActionKind.TICKET, topic, category, title) for topic, category, title, _ in _NAMED}
