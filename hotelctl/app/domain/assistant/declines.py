"""What a message turns down or calls off, in folded words: a wish for the contrary of what it names."""

import re

from hotelctl.app.domain.assistant.lexicon import whole_words

# A new thought begins after a stop, and after an "and" that asks for something.
_CLAUSE = re.compile(
    r"[.;!?,:\n]+|\b(?:but|instead|aber|sondern|stattdessen|mais|pero|sino|ma|invece)\b|\b(?:and|und|et|y|"
    r"e) (?=(?:please|"
    r"bring|send|call|fix|book|can|could|i need|we need|get|give|bitte|bringen|schicken|rufen|apportez|"
    r"appelez|merci|"
    r"traiga|llame|envie|por favor|porti|chiami|mandi|per favore)\w*\b)"
)
_DECLINES = whole_words(
    (
        r"(?<!you )(?<!they )(?<!why )(don'?t|do not|doesn'?t|does not|no longer) <1>(need|want(?! to "
        r"wait)|"
        r"require|clean|bring|send|deliver|make up|wake|call|book|order|come|change|disturb|enter|replace)",
        r"(?<!are )(?<!is )(?<!have )(?<!got )(?<!'s )no more (?!than)\w+|no need (for|to)|no <2>(needed|"
        r"necessary|required)|"
        r"cancel\w*|call off|without (cleaning|housekeeping)|not needed|no (towels|cleaning|housekeeping|"
        r"taxi|bedding) "
        r"(please|today|tomorrow|thanks)",
        r"(brauch\w*|benotig\w*|mocht\w*|woll\w*|will) <4>(keine?n?|nicht)|keine?n? <3>(brauch\w*|notig|"
        r"notwendig|mehr "
        r"bitte)|keine?n? weitere\w* \w+|nicht <1>(reinigen|putzen|wecken|storen|saubermachen|sauber|"
        r"aufraumen|bringen)|"
        r"(reinig\w*|putz\w*|bring\w*|weck\w*|stor\w*|schick\w*|komm\w*) <5>nicht|stornier\w*|"
        r"abbestell\w*|absag\w*|"
        r"sag\w* <4>ab",
        r"(n'ai|n'avons|pas|plus) besoin|ne <1>(faites|nettoyez|apportez|reveillez|envoyez|derangez|veux|"
        r"voulons|voudrais|"
        r"souhaite) <1>(pas|plus)|ne pas (nettoyer|deranger|faire|apporter)|annul\w*|inutile d",
        r"no (necesit\w+|quier\w+|hace falta|limpie\w*|traiga\w*|manden?|envien?|despierten?|molesten?|"
        r"entren?)|no mas|"
        r"ya no|cancel\w*|anul\w*",
        r"non (ho|abbiamo) <1>bisogno|non <1>(serv\w+|vogli\w+|pulite|pulire|pulisca|portate|portare|"
        r"porti|mandate|"
        r"svegliate\w*|disturbate)|annull\w*|disdi\w+|niente (asciugamani|pulizi\w+)|non (e )?necessari\w+",
    )
)


def clauses(text: str) -> list[str]:
    """The thoughts of the folded text, each by itself."""
    return [clause.strip() for clause in _CLAUSE.split(text) if clause.strip()]


def turns_down(clause: str) -> bool:
    """Whether the clause says that something shall not be, or not any more."""
    return bool(_DECLINES.search(clause))
