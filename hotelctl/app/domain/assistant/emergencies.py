"""Words of fire, illness and violence: what they say is answered at once and by people."""

from hotelctl.app.domain.assistant.lexicon import any_of

_PATTERNS = (
    r"\b(there'?s|there is|it'?s|we have|i have|i see|see|smell(s|ing)?) (a |an |on |of )?(fire|"
    r"smoke|gas|burning)\b",
    r"\bfire(!|$)|\bon fire\b|^fire\b|\bis burning\b|\bcaught fire\b",
    r"\b(need|call|get|send|want|find)( me| us| for)?( a| an| the)? (doctor|ambulance|paramedics?|"
    r"police|medic)\b",
    r"\b(heart attack|chest pains?|unconscious|not breathing|can'?t breathe|cannot breathe|is bleeding"
    r"|am bleeding|overdose|seizure|stroke|suicid\w+|kill myself|allergic shock|drowning)\b",
    r"\bemergency(!|$)|\b(an|medical|is) emergency\b|^emergency\b",
    r"\b(being|was|been) (attacked|assaulted|robbed)\b|\bintruder\b|\bbreaking in(to)?\b",
    r"\b(es brennt|feuer(!|$)|^feuer\b|rauch im|riecht nach gas|gasgeruch|notfall|notarzt|krankenwagen"
    r"|bewusstlos|herzinfarkt|brustschmerzen|atmet nicht|blutet|uberfallen|arzt rufen)\b",
    r"\b(brauch\w+|holen|rufen|schnell)( sie)?( bitte)?( mir| uns)?( einen| die)? (arzt|polizei|notarzt)\b",
    r"\bau feu\b|\bil y a (le |un )?(feu|incendie)|\bde la fumee\b|\bodeur de gaz\b|\burgence medicale\b"
    r"|\bc'est une urgence\b|\bambulance\b|\bcrise cardiaque\b|\binconscient\w*\b|\bne respire "
    r"(plus|pas)\b|\bsaigne\b"
    r"|\b(besoin d'un|appele[zr]( un)?|un) (medecin|docteur)\b",
    r"\b(hay (un )?(fuego|incendio|humo)|huele a gas|ambulancia|emergencia|infarto|inconsciente|no respira"
    r"|sangrando|un medico|llam\w+ a la policia)\b",
    r"\b(c'e (un )?(incendio|fuoco|fumo)|al fuoco|odore di gas|ambulanza|emergenza|infarto|"
    r"svenut[oa]|non respira"
    r"|sanguina|un (medico|dottore)|chiamate la polizia)\b",
)
MARKS = any_of(_PATTERNS)
