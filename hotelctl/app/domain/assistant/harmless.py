"""What only sounds like an emergency, in folded words: things named after one, precautions, turns of speech.

`<3>` stands for up to three words between. Only these words are passed over: what else a message says counts.
"""

_PRAISE = (
    r"(great|awesome|amazing|love|fantastic|super|excellent|perfect|lol|haha\w*|wow|well done|brilliant)"
)
_ENGLISH = (
    r"(fire|emergency)[- ](exits?|doors?|escapes?|stairs?|staircases?|extinguishers?|blankets?|drills?|"
    r"plac\w+|pits?|bowls?|works?|stations?|trucks?|safety|regulations?|procedures?|plans?|wood|tv|"
    r"sticks?|tests?|"
    r"numbers?|contacts?|phones?|lights?|lighting|kits?|passports?|assembly|brigade number)( location\w*)?",
    r"fire alarms? (test\w*|drill\w*)|(test\w*|check\w*) <3>(fire|smoke) alarms?|(camp|log|open)[- ]fires?",
    r"(in|for) (case of )?(a |an |the |any )?(fire|emergency|emergencies)|if there (is|was|were) (a |an )?"
    r"(fire|emergency)",
    r"(without|no|keine?n?|pas de|sans|no <1>tiene|sin|senza|non ha) <1>(knife|messer|couteau|cuchillo|"
    r"coltello)|"
    r"fire-\w+|fire in (the|our|your) (fireplace|stove|garden)|scream\w* with (joy|laughter|delight|fun)|"
    r"(air "
    r"condition\w*|a\.?c|engine|toilet|printer|pump|fan) (is |are )?choking",
    r"(can|could|may) (we|i|you) <1>(have|light|make|build) (a|the) fire|(by|around) the fire|sit by the "
    r"fire",
    r"(not|no|isn'?t|wasn'?t|nothing|never|don'?t need|do not need) (really )?(a |an |any |the "
    r")?<1>(emergency|"
    r"urgent|fire|smoke|police|ambulance|doctor)",
    rf"on fire(?=.*\b{_PRAISE}\b)",
    r"(i|we|you|he|she|they|people|guests|may|can|could|to|who|not|allowed|anybody|anyone|don'?t) smoke|"
    r"smoke[- ](free|machine)|smoke (here|outside|inside|there)|(cigarette|cigar|tobacco|second[- ]hand) "
    r"smoke|smoke (detector|alarm)s?(?! <2>(is|are|went|going|goes|keeps))",
    r"smoke from <3>(cigar\w*|smok\w+|barbecue|bbq|grill)",
    r"burning (hot|question\w*|calories|up with curiosity)|(battery|phone|laptop|tablet|bulb) <2>(dead|died|"
    r"dying)",
    r"(strokes? of (luck|genius)|(breast|back|swim\w*)[ -]?strokes?)|heart attack (grill|burger|menu)",
    r"(bed|chair|table|shelf|tent|sofa|umbrella|parasol|cot|pram) <2>collapsed|drown(ed|ing) in \w+",
    r"(i|we) (won'?t|will not|can'?t) wake up|pass(ed|ing)? out (from|of) (sheer )?(joy|tiredness)",
    r"(to die for|(dying|die) (for|to|of (hunger|thirst|boredom|curiosity|laughter|embarrassment)))",
    r"(doctor|police|hospital|ambulance)('?s)?[ -](station\w*|opening|hours|surgery|appointment\w*|museum|"
    r"report\w*|certificate\w*|number|address|office|academy|practice|note)",
    r"appointment <3>doctor|find (a |the )?(doctor|police) <2>(website|list)",
    r"(do|can|could|may|would) (you|i|we) <3>(have|get|bring|borrow|lend) <3>knife",
    r"(bath|photo|sex|seed)[ -]bombs?|(was|is|were|are) (a|the|da) bomb|shooting (stars?|range|schedule|"
    r"location)|(daylight|highway) robbery",
    r"fell (asleep|in love|for|behind|through|apart|short)|fallen (asleep|in love|behind)",
    r"(my|our) (luggage|suitcase|bag|key|phone|wallet)s? <1>(fell|fallen)|(swallowed) (my|the|our) (card|"
    r"coins?|money|key)|(a|the) (kids?|children'?s?|boys?'?|girls?'?) <1>lost property",
    r"(your|the|for|any|some|great|kind|little|more) help!?|help (me|us) please (with|to|find)|(can|could|"
    r"would) you "
    r"<1>help (me|us)( please)?",
)
_GERMAN = (
    r"kamin (mit|und) feuer|feuer im (kamin|ofen)|(haben|hatten) sie <2>feuer|feuer und flamme|am feuer|"
    r"(licht|sonne) brennt|brennt <2>licht|brennen(d|den) (darauf|drauf|zu)",
    r"(im|bei|bei einem|falle eines|fur den) <1>(feuer|brand\w*|notfalls?|notfalle?)|(wenn|falls) es brennt|"
    r"notfall(nummer|ausgang|plan)|fur notfalle",
    r"(kein\w*|nicht|ohne) <1>(notfall|feuer|rauch|arzt|polizei|krankenwagen)|(es|hier) brennt (nichts|"
    r"nicht)",
    r"rauch (von|vom) <2>(zigaretten?|grill|nachbarn)|(mobel|tisch|stuhl|koffer|handy|schlussel|bett) <3>"
    r"(gefallen|zusammengebrochen)",
    r"zum sterben|sterb\w* vor|gefallen (mir|uns)|(mir|uns) <4>gefallen|(danke|dank) <3>hilfe!?|(ihre|eure|"
    r"deine|die|mit|fur|etwas) hilfe!?",
    r"^hilfe (bei|beim|mit|fur)|(polizei|arzt)[ -](termin|wache|praxis|station)",
)
_FRENCH = (
    r"feux? d'artifices?|feu (de (cheminee|bois|camp)|rouge|vert|doux)|du feu|coin du feu|(sortie|issue|"
    r"porte|escalier|trousse|roue|numero|poste|kit)s? de secours",
    r"(sortie|issue|porte|escalier|numero|telephone|eclairage|trousse|contact)s? (d'|des )urgences?|(en|au) "
    r"cas d(e |')(incendie|urgence|feu)|(exercice|alarme|porte|consigne)s? <1>incendie",
    r"(pas|rien|aucune?|sans) <1>(d'|une )?(urgence|urgent|incendie|feu|fumee)|(n'ai|n'avons|avons) pas "
    r"besoin "
    r"d('un|e) <1>(medecin|docteur|police)|fumee de (cigarette|cigare|tabac)",
    r"(truite|dinde|viande|saucisse|poitrine) fumee|(viande|plat|toasts?|steak|poulet|riz|pain|gateau|"
    r"creme) <3>"
    r"brule|avale (ma|la|notre) carte|ampoule <2>(brule\w*|grillee)|tombee? (amoureu\w+|en panne|"
    r"bien|du lit)|sans connaissance|faire connaissance",
    r"(meurs|mourir) de (faim|soif|rire|envie)|(il|elle) <2>tombe (bien|mal)|fait la connaissance",
    r"(commissariat|poste|musee|horaires?) de (la )?police|certificat medical|rendez-vous <3>(medecin|"
    r"docteur)|(prendre|prend|"
    r"faire) connaissance|(beaucoup|hauteur) de malaise",
    r"(pouvez-vous|pourriez-vous|puis-je|avez-vous) <4>couteau",
)
_SPANISH = (
    r"(salida|numero|telefono|escalera|luz|puerta|contacto|botiquin|kit)s? de emergencias?|primeros auxilios",
    r"en caso de <1>(incendio|emergencia|fuego)|(no es|no hay|ningun\w*|nada|sin) <1>(una )?(emergencia|"
    r"urgente|incendio|fuego|humo)|no necesit\w+ <2>(medico|policia|ambulancia)",
    r"(detector|alarma)(es)? de (humo|incendios)|humo de (tabaco|cigarr\w+|puros?)|sin humo|fuego (lento|"
    r"bajo)|fuegos artificiales|(tiene|tienes|tienen|da) fuego|simulacro de incendio",
    r"(muero|muriendo|morir) de (hambre|sed|risa|ganas|calor|sueno)|bomba de (agua|calor|la piscina)",
    r"(comisaria|museo|horario|estacion) <2>policia|cita <3>(medico|doctora?)|certificado medico|(su|tu|"
    r"la|por|de|mi|vuestra) "
    r"ayuda!?|(bombilla|lampara) <2>(quemado|quemada)",
    r"(pueden|puede|podrian|tienen|me) <4>traer <3>cuchillo|tienen <3>cuchillo",
    r"(maleta|llave|movil|telefono|vaso|toalla) <3>(cayo|caido)|se <3>cayo <3>(internet|wifi|sistema)",
)
_ITALIAN = (
    r"(uscita|numero|telefono|scala|luce|luci|porta|kit|contatto|uscite) (di |d')emergenza|pronto soccorso|"
    r"cassetta del pronto",
    r"in caso d(i |')<1>(incendio|emergenza|fuoco)|(non e|non c'e|nessun\w*|niente|nulla|senza) <1>"
    r"(un'|un )?(emergenza|urgente|incendio|fuoco|fumo)|non <2>bisogno d(i |')<1>(medico|dottore|ambulanza)",
    r"(rilevatore|allarme|sensore) (di |del |anti)fumo|fumo (di |delle )sigarett\w+|fumo passivo|(non|io) "
    r"fumo|"
    r"fuochi d'artificio|fuoco (del|nel) camino|a fuoco lento|prova antincendio",
    r"(muoio|morire|morendo|muoiono) (di|dalla|dal) \w+|(questura|stazione|museo|orari) <2>(polizia|"
    r"carabinieri)|appuntamento <3>(medico|dottore)|certificato medico",
    r"(il|un|suo|vostro|tuo|per l'|d')aiuto!?|(grazie) <3>aiuto!?|(potete|puo|potrebbe|mi|avete) <4>coltello",
    r"(valigia|chiave|telefono|bicchiere) <3>cadut[oa]|(caduta|caduto) (la linea|internet|wifi)|(batteria|"
    r"telefono|"
    r"wi-?fi|televisore) e mort[oa]",
)
HARMLESS = (*_ENGLISH, *_GERMAN, *_FRENCH, *_SPANISH, *_ITALIAN)
