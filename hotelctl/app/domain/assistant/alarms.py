"""What fire, illness, violence and people in danger sound like, in the folded words of each language.

`<3>` stands for up to three words between, `<who>` for somebody the writer speaks of.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Alarms:
    """How one language speaks of people, and the situations that it tells with or without them."""

    who: str
    signs: tuple[str, ...]


_ENGLISH = Alarms(
    r"he|she|they|him|her|husband|wife|fiancee?|partner|(girl|boy)?friend|(grand)?(mother|father|ma|pa|"
    r"son|daughter)|mom|mum|dad|gran\w*|brother|sister|uncle|aunt|cousin|bab(y|ies)|toddler|child(ren)?|"
    r"kids?|boys?|girls?|man|men|wom[ae]n|lady|guys?|strangers?|thie(f|ves)|burglars?|robbers?|guests?|"
    r"person|people|somebody|someone|colleague",
    (
        r"fire|flames?|smoke|smoke alarm|in flames|sparks|explo(sion|ded|ding)|carbon monoxide",
        r"(gas|chemical) (leak\w*|smell)|leak\w* gas|gas is leaking|(smell\w*|reek\w*|stink\w*|stank) <3>gas",
        r"smell\w* <3>burn(ing|t)|burning smell|(is|are|something'?s?|it'?s|started|caught) burning",
        r"(hair ?dryer|plug|socket|outlet|tv|heater|lamp|laptop|charger|battery|kettle|toaster|microwave|"
        r"oven|"
        r"it|wires?|cables?) (is |was )<1>(smoking|melting)|earthquake|<who> <3>(burned|burnt|scalded)(?! "
        r"out)",
        r"(can'?t|cannot|can not|couldn'?t|could not|not|isn'?t|stopped|hardly|barely|trouble|difficulty|"
        r"hard to|struggl\w+ to|unable to|problems?) <2>breath(e|ing)?|gasping|out of breath|(asthma|"
        r"panic) attack|heart is (racing|pounding)",
        r"<who> <4>(lying|lies|laying|dropped|slumped) <3>(floor|ground|bottom|stairs|water)|on the (floor|"
        r"ground) <2>(not|bleeding|unable)|(shaking|twitching) (all over|badly|violently)|foam\w* "
        r"<3>mouth|<who> <2>(turned|turning|going|gone|is) <1>(blue|purple|grey)|(very|really|seriously|"
        r"violently) (sick|ill|unwell)|(can'?t|cannot) (speak|talk)(?! \w)|(hit|banged) (his|her|my) head|"
        r"snake ?bite|"
        r"bitten by <1>(snake|dog|rat|spider|scorpion)|"
        r"drugged|drink was spiked|"
        r"(arm|face|leg|side|mouth) <2>(numb|drooping|paralysed)|(can'?t|cannot) feel (my|his|her)|slurr\w+|"
        r"(blue|purple) (lips|face)|(lips|face) <2>(blue|purple)",
        r"<who> <2>climb(ed|ing|s) <3>(balcony|railing|ledge|roof)|(hanging|standing) (on|from|off) <2>"
        r"(ledge|railing|window sill)|(going|wants?|about|"
        r"threat\w+) to jump|jump\w* (off|from) the (roof|balcony|window)|fell <3>(balcony|window|roof)",
        r"(is|are|am|\w+'[sm]|started|almost) chok(e|ing)|chok(ing|ed|es) (on|to)|chok(ed|es)|unconscious|"
        r"unresponsive|consciousness|no pulse|(pass(ed|ing|es)|black(ed|ing)) out|faint(ed|ing)|"
        r"collaps(ed|es|ing)",
        r"<who>('s)? <4>(not|won'?t|doesn'?t|isn'?t|can'?t|don'?t) (respond\w*|mov(e|ing)(?! (the|my|our|"
        r"to|into|rooms?))|wak(e|ing)( up)?|"
        r"react\w*|answer\w*(?! <1>(phone|calls?|my|our|e?-?mails?|us|at|door))|breath\w*)|"
        r"can'?t wake <who>",
        r"heart (attack|stopped)|cardiac arrest|chest pains?|(my|his|her|the) chest (is |really )?<1>"
        r"(hurt\w*|tight\w*|ach\w+)|pain in (my|his|her|the) chest|seizures?|convuls\w+|having a fit|"
        r"epileptic|(a|heat|sun|another) ?stroke|overdos\w*|poison(ed|ing)",
        r"allergic (reaction|shock)|anaphyla\w+|epipen|(swell\w*|swollen) <2>(throat|tongue|face|lips)|"
        r"(throat|"
        r"tongue|lips|face|neck) <3>(swell\w*|swollen)|stung <4>(swell|allergic)|diabetic (shock|coma)",
        r"bleed(s|ing)?|(los\w+|so much|lots? of) <3>blood|blood (everywhere|all over|"
        r"coming)|covered in blood|(head|neck|back|spine) injury|"
        r"(badly|seriously|really) (hurt|injured)|<who> <3>(injured|hurt (him|her)self)|"
        r"(broke|broken) (my|his|her|a) (leg|arm|hip|neck|back|ankle|wrist|skull)|cut (myself|himself|"
        r"herself) <2>(deep\w*|bad\w*)|(terrible|unbearable|severe|agonising) pain",
        r"<who> <3>swallowed|(too many|whole|handful|all (my|his|her)) <3>"
        r"(pills|tablets|drugs|paracetamol|painkillers|medication)|(drank|drunk) <3>(bleach|cleaner|"
        r"detergent|"
        r"poison|chemicals)",
        r"drown(ed|ing)|fell in(to)? the (pool|water|sea|lake)|electric shock|electrocuted|in labou?r|"
        r"waters? <2>(broke|broken)|contractions|giving birth|miscarriage",
        r"<who> <3>(fell|fallen|slipped) <1>(down|from|off|over|in the|on the|and|out of)|(fell|fallen) <5>"
        r"(can'?t|cannot|unable to|not) <1>(move|moving|get up|stand|walk)|<who> (has |have |just )+(fallen)",
        r"(is|am|are|\w+'[sm]) dying|<who> <2>(is|are) dead|dead body|suicid\w+|self[- ]harm|"
        r"kill(ing)? (myself|himself|herself|themselves)|hurt myself|(want|wants|wish|going|like) to (die|be "
        r"dead|end it all|end my life)|(end|ending|take|taking) (my|his|her) (own )?life|(don'?t|not) "
        r"(want|wish) to (live|be alive|go on)|no reason to live|want <2>to "
        r"end|can'?t go on (like this|any ?more|living)|(afraid|scared) <1>(of him|for my life)",
        r"(need|call|get|send|want|find|fetch|bring) (me |us |for )?<2>(doctor|ambulance|"
        r"paramedics?|police|cops|medic|firem[ae]n|fire (brigade|department|service)|first aid|"
        r"defibrillator)|(call|dial|ring|phone) (911|999|112|110|118|15|17|18)|ambulance",
        r"(send|call|get|need) <2>security(?! (deposit|code|box))|(urgent|immediate|emergency|medical) "
        r"(help|assistance|attention|care)|need help (now|urgently|"
        r"immediately|fast|quick\w*)|help!|^(please )?help( me| us)?( please)?[ !.,]*$|^help,|help (me|us) "
        r"please|sos|mayday|emergenc(y|ies)",
        r"<who> <5>(with|has|have|had|got|holding|waving|pointing|pulled) <3>(knife|gun|pistol|weapon|"
        r"machete|axe|rifle)|gunshots?|shots? (were )?fired|shooter|(is|are|started) shooting|stab(bed|bing)|"
        r"hostages?|bomb|terrorists?",
        r"attack(ed|ing|s)|assault\w*|robb(ed|ing|ery)|mugg(ed|ing|er)|raped?|molest\w*|kidnap\w*|abduct\w*|"
        r"burgl\w+|intruders?|br(ea|o)k(e|en|ing) in(to)?|threaten\w*|strangl\w+|domestic violence|"
        r"follow(ing|ed|s) me|stalk(ing|ed|er)|(bang|kick|pound|hammer)(ing|s) (on|at|in) (my|our|the) "
        r"door|screaming|"
        r"screams|grop(ed|ing)",
        r"<who> <3>(hit|hits|hitting|beat|beats|beating|punch\w*|kick\w*|hurting|chok\w+) <1>(me|him|her|us|"
        r"<who>|my|his)|beat(ing|en)? up|(fight|brawl)(ing)? (in|on|at|outside|with)|<who> <1>"
        r"(is|are) fighting|(kill|hurt|shoot|stab) (me|us|him|her|them|everybody|everyone)",
        r"(stranger|someone|somebody|(strange|unknown) (man|person)|man) (is |was )?(hiding )?(in|inside|"
        r"under) (my|our)|<who>('s)? <2>trying "
        r"to (get|come|force|open|break) <4>(in|my|our|door|room)",
        r"(son|daughter|child|children|kids?|boy|girl|baby|toddler|mother|father|mum|dad|grand\w+|year old|"
        r"wife|husband) <3>(missing|disappeared|vanished|got lost|is lost|gone missing|suddenly gone|ran "
        r"away)(?! (his|her|their|a|an|"
        r"the|my))|(can'?t|cannot|couldn'?t) find <2>(son|"
        r"daughter|child|children|kids?|boy|girl|baby|toddler|mother|father|mum|dad|grand\w+|wife|husband)|"
        r"(taken|took|snatched|stolen|lost) (my|our) <2>(son|daughter|child|children|kids?|baby|toddler)",
        r"(trapped|stuck|locked) <1>(in|inside) (the |a |an |this )?(lift|elevator|sauna|steam room|"
        r"freezer|cold room|bathroom)|(can'?t|cannot) get out of <1>(bathroom|room|sauna|lift|"
        r"elevator|shower)|(trapped|stuck) inside|(trapped|buried) under|went under <2>(water|and)",
    ),
)
_GERMAN = Alarms(
    r"er|mann|frau|freund(in)?|partner(in)?|mutter|vater|mama|papa|oma|opa|sohn|tochter|kind(er)?|baby|"
    r"bruder|schwester|jemand|person|typ|gast|gaste|junge|madchen|kollegin|kollege|leute|betrunkene[rn]?",
    (
        r"brennt|brennen|feuer|flammen|rauch|qualm\w*|\w*brandgeruch|verraucht|(ein|einen|zimmer|"
        r"kuchen)brand|ein brand|"
        r"in brand|explo\w+|funken|kohlenmonoxid",
        r"(rauchmelder|feueralarm|feuermelder|brandmelder) <3>(heult|schrillt|schlagt|losgegangen|geht los|"
        r"ausgelost)",
        r"(riecht|stinkt|rieche\w*|geruch) <4>(nach )?(gas|verbrannt\w*|verschmort\w*|angebrannt\w*)|"
        r"gasgeruch|gasleck|gas <2>(aus|austritt)",
        r"bewusstlos\w*|ohnmacht\w*|bewusstsein|zusammengebrochen|bricht zusammen|kollabiert|umgekippt|"
        r"herz(infarkt|anfall|stillstand|attacke)|schlaganfall|atemnot|erstick\w*|erdbeben|(sich|mich) "
        r"<3>(verbruht|"
        r"verbrannt)|(mir|ihm|ihr|<who>) geht <3>schlecht|geht es (mir|ihm|ihr|meine\w*|<who>) "
        r"<2>schlecht|(kann|spricht) nicht mehr "
        r"<1>(sprechen|sehen|richtig)|schlangenbiss|gebissen|kopf (auf)?geschlagen",
        r"(bekomm\w*|krieg\w*) <3>(keine|kaum) <2>luft|(keine|kaum) luft( mehr)? (bekomm|krieg)\w*|"
        r"(atmet|atme|atmen) <3>(nicht|kaum)|(nicht|kaum|schwer) <2>atmen|reagiert <2>nicht|"
        r"wacht <2>nicht <1>auf|bewegt sich nicht|<who> <4>antwortet nicht|"
        r"<who> <2>(liegt|lag) <2>(boden|wasser|treppe|pool)|(arm|gesicht|bein) <2>(taub|gelahmt|blau)|"
        r"schwillt <2>"
        r"(zu|an)|(lippen|gesicht) <1>blau|asthmaanfall|panikattacke|herz rast|zittert <1>am ganzen",
        r"(balkon|gelander|dach) <3>(springen|klettert|geklettert|gesprungen)|(springen|gesprungen|gesturzt|"
        r"klettert) <3>(balkon|dach|fenster)|<who> <4>(balkon|dach|fenster) (gesturzt|gefallen)",
        r"blutet|bluten|blutung\w*|(viel|uberall|voller) blut|verblut\w*|brustschmerz\w*|schmerz\w* "
        r"<3>brust|brust <3>schmerz\w*|"
        r"brust tut <2>weh|krampf(t|anfall)|epilept\w*|allergisch\w* (reaktion|schock)|anaphyla\w*|"
        r"vergift\w*",
        r"uberdosis|(tabletten|pillen|\w*mittel|\w*reiniger|batterie|bleiche|medikamente|schlafmittel) "
        r"<3>(geschluckt|verschluckt|"
        r"getrunken)|(zu viele|alle|ganze\w*) <2>(tabletten|pillen|medikamente)|<who> <3>verschluckt|"
        r"ertrink\w*|ertrunken|untergegangen|stromschlag|fruchtblase|"
        r"(hat|habe|starke|setzen) <2>wehen",
        r"<who> <4>(gesturzt|hingefallen|gefallen|ausgerutscht)|gesturzt und|(bein|arm|hufte|rucken|"
        r"knochel|handgelenk) <1>gebrochen|(schwer|stark|ernsthaft|am kopf) verletzt|verletzte[rn]?|"
        r"(unertragliche|schlimme|furchtbare|starke) schmerzen",
        r"stirbt|(will|mochte) <3>sterben|nicht mehr (weiter)?leben|um(zu)?bring\w*|selbstmord\w*|"
        r"suizid\w*|leben "
        r"nehmen|<who> <1>ist tot",
        r"(brauch\w*|hol\w*|ruf\w*|schick\w*|schnell|sofort|dringend) <6>(arzt|arztin|notarzt|krankenwagen|"
        r"rettungswagen|rettungsdienst|sanitater\w*|polizei|feuerwehr|notruf)|bitte <2>(arzt|arztin|"
        r"polizei|feuerwehr)|(arzt|polizei|feuerwehr) <2>"
        r"(rufen|holen|schicken|kommen|schnell|sofort)|notarzt|krankenwagen|rettungswagen|notfall|"
        r"(ruf\w*|wahl\w*) <3>(112|110|144)",
        r"^(zu )?hilfe|hilfe!|hilfe, |zu hilfe",
        r"<who> <3>(mit|hat|halt|zieht|zog) <3>(messer|pistole|waffe|gewehr|machete)|bewaffnet\w*|schusse|"
        r"schiess\w*|geschossen|"
        r"niedergestochen|geisel\w*|bombe|uberfall\w*|uberfallt|ausgeraubt|beraubt|angegriffen|"
        r"attackiert|vergewaltig\w*|entfuhrt",
        r"einbrech\w*|eingebrochen|einbruch|(tur|schloss|fenster) <2>auf(zu)?brech\w*|bedroht|bedrohen|"
        r"gedroht|verfolgt (mich|"
        r"uns)|sexuell <1>belastig\w*|belastigt (mich|uns|meine)|(hammert|tritt|ruttelt) <3>(gegen|tur)|"
        r"prugeln|prugelt sich|(schlagt|prugelt|wurgt) <3>(<who>|mich|uns|ihn)|"
        r"verprugelt|zusammengeschlagen|schlagerei|fremde[rn]? <2>(in|im) (meinem|unserem|zimmer)|(schreit|"
        r"schreie) <2>hilfe",
        r"(kind|sohn|tochter|baby|kleine[rn]?|junge|madchen|mutter|vater|oma|opa) <3>(verschwunden|vermisst|"
        r"verloren gegangen|weg|nicht mehr da)|(finde\w*) <2>(kind|sohn|tochter|baby|mutter|vater) <2>nicht|"
        r"vermiss\w* <1>(kind|sohn|tochter)",
        r"(ich|wir|jemand|<who>|stecken|sitzen|sind) <5>(aufzug|fahrstuhl|lift|sauna) <3>(fest\w*|"
        r"eingeschlossen|gefangen|eingesperrt)|(eingeschlossen|gefangen|eingesperrt) <2>(aufzug|lift|sauna)",
    ),
)
_FRENCH = Alarms(
    r"il|elle|mari|femme|fils|fille|enfants?|bebe|pere|mere|papa|maman|frere|soeur|amie?|copine?|grand-\w+|"
    r"homme|monsieur|dame|quelqu'un|type|client|personne|gens|voisine?|garcon|collegue",
    (
        r"(en|au|le|un|pris|prend|prendre) feu|incendie|flammes|(de la|la|beaucoup de|plein de|odeur de|une) "
        r"fumee|brule|brulent|(est|sont) en train de bruler|explos\w+|explose|etincelles|monoxyde",
        r"(odeur|fuite|sent|sentons|sens) <3>(gaz|brule|fumee|roussi)",
        r"etouff\w+|(peux|peut|arriv\w+|pouvons) <3>respirer|mal a respirer|respir\w+ (plus|pas|mal|tres "
        r"mal)|"
        r"inconscient\w*|connaissance|evanoui\w*|effondre\w*|malaise|(se sent|me sens) <1>mal|ne parle "
        r"plus|tremblement de "
        r"terre|mordue? par|(s'est|me suis) brulee?|droguee?|(prise|appareil|seche-cheveux) fume",
        r"(crise|arret) (cardiaque|d'epilepsie|d'asthme)|infarctus|avc|mal <1>(poitrine|coeur qui)|mal (a|"
        r"dans) la poitrine|douleurs? <3>poitrine|douleurs? thoracique\w*|convuls\w+",
        r"saign(e|es|er|ent|ements?)|hemorragie|(perd|perdu) <2>sang|(plein de|beaucoup de|couvert de) "
        r"sang|(reaction|choc) allergique|"
        r"anaphyla\w+|overdose|surdose|(trop de|pris <3>(boite|tube) de) <1>(comprimes|medicaments|cachets|"
        r"somniferes)|<who> <3>avale|empoisonn\w+|intoxi\w+",
        r"noie|se noye\w*|noyee?|noyade|tombee? (dans la piscine|a l'eau)|electrocut\w+|perdu les eaux|"
        r"contractions|accouch\w+",
        r"<who> <3>(tombee?|chute)|tombee? <4>(bouge|relever|lever)|(ne|n') ?<2>(bouge|repond|reagit) "
        r"(plus|pas)|<who> <3>par terre|"
        r"(bras|visage|jambe) <2>(engourdie?|paralysee?)|enfle\w*|gonfle\w*|crise de panique|"
        r"(sauter|saute|tombee?|grimpe\w*) <4>(balcon|toit|fenetre)|(ne|n') <1>"
        r"reveille (plus|pas)|(jambe|bras|cheville|hanche) cassee?|(casse) <1>"
        r"(jambe|bras|cheville|hanche)|blessee?s?",
        r"(envie|veux|vais|train) (de )?mourir|<who> <1>est morte?|suicid\w+|me tuer|plus envie de vivre|"
        r"veux plus vivre|en finir",
        r"(besoin|appele\w*|faut|venir|envoye\w*|cherche\w*|vite) <4>(medecin|docteur|ambulance|pompiers?|"
        r"police|samu|secours|gendarmes?)|(medecin|docteur|police|pompiers) <1>vite|ambulance",
        r"au secours|a l'aide[ ,!]*(?!d[e'])|aidez-(moi|nous)(?! (a|avec|pour) )|urgences?",
        r"<who> <3>(avec|a|sorti|tient) <2>(couteau|pistolet|arme|fusil|machette)|<who> <2>armee?|coups? "
        r"de feu|tir(e|ent) sur|"
        r"fusillade|otages?|bombe|agress\w+|attaqu(e|ee|es|ent|er)|poignard\w+|cambriol\w+|"
        r"(viol|violee|viole|violer)|menac\w+|enlevee?|kidnapp\w+",
        r"(frappe\w*|bat|tabasse\w*|etrangle\w*) <3>(<who>|moi)|me frappe|bagarre|intrus|inconnu <3>(dans|"
        r"chambre)|se battent|se bat|me suit|<who> <2>(m'a|nous a) (frappee?|suivie?|tapee?)|(tape|cogne) "
        r"<3>porte|(forcer|defoncer|enfoncer) <3>porte|(quelqu'un|homme|inconnu|type) <3>"
        r"(entrer|rentrer|forcer|ouvrir)|crie au",
        r"(fils|fille|enfants?|bebe|garcon|mere|pere) <3>(disparue?s?|introuvables?|perdue?s?)(?! (son|sa|"
        r"ses|un|une|le|la))|"
        r"(trouve\w*|retrouve\w*) <2>(fils|fille|enfant|bebe|mere|pere)",
        r"(bloquee?s?|coincee?s?|enfermee?s?) <3>(ascenseur|sauna)",
    ),
)
_SPANISH = Alarms(
    r"el|ella|marido|mujer|espos[oa]|novi[oa]|hij[oa]s?|nin[oa]s?|bebe|padre|madre|papa|mama|herman[oa]|"
    r"abuel[oa]|amig[oa]|hombre|senora?|alguien|persona|tipo|chic[oa]|huesped|gente|companer[oa]|tio|tia",
    (
        r"incendio|incendia\w*|fuego|(en|las|hay) llamas|humo|(quem|ardi)(ando|endo)|se (esta )?quema\w*|"
        r"arde|"
        r"chispas|explos\w+|explot\w+|monoxido",
        r"(huele\w*|olor|oler|huelo) <3>(gas|quemado|humo)|(fuga|escape) de gas",
        r"no <4>respir\w+|(cuesta|dificultad|problemas) <2>respirar|ahog(a|o|ando|ado|ada|arse)|asfixi\w+|"
        r"atragant\w+|desmay\w+|inconsciente|conocimiento|desplom\w+|terremoto|(encuentra|siente|puesto) "
        r"<1>mal|no puede "
        r"hablar|(se|me) (ha|he) quemad[oa]|me han drogado|mordid[oa]|mordedura",
        r"infarto|ataque (al corazon|cardiaco|epileptico|de epilepsia)|ictus|derrame cerebral|dol(or|"
        r"ores) <4>"
        r"pecho|duele <3>pecho|convulsi\w+|<who> <3>no <1>(responde|contesta|reacciona|despierta|mueve)|"
        r"(tirad[oa]|tumbad[oa]) en el suelo|(brazo|cara|pierna) <2>(dormid[oa]|paralizad[oa])|(labios|"
        r"cara|garganta) <3>"
        r"hinch\w+|hinchando|ataque de (panico|asma)|(saltar|saltado|tirarse|caido|trepad\w+) <4>(balcon|"
        r"tejado|"
        r"ventana|piscina)",
        r"sangr(a|an|ando|ado)|hemorragia|(mucha|pierde|perdiendo|llen[oa] de) <1>sangre|reaccion "
        r"alergica|anafila\w+|"
        r"sobredosis|<who> <4>trag(o|ado)|(demasiad\w+|todas) <2>(pastillas|medicamentos)|(ingerido|"
        r"bebido) <3>lejia|intoxica\w+|envenena\w+",
        r"electrocut\w+|descarga electrica|(roto|rompio) aguas|de parto|contracciones|(se )?(ha|han) caido|"
        r"<who> <3>cayo|se cayo|cayo <3>piscina|herid[oa]s?|no puede <1>(levantarse|moverse)|(roto|rompio) "
        r"<2>(pierna|brazo|cadera|tobillo)",
        r"(muri|mur)iendo|ha muerto|(quiero|voy a) (morir\w*|matarme|suicidarme)|suicid\w+|matarme|"
        r"no quiero <2>viv(ir|iendo)|quitarme la vida",
        r"(necesit\w+|llam\w+|mand\w+|envi\w+|busc\w+|traig\w+|rapido|urgente) <4>(medico|doctora?|"
        r"ambulancia|policia|bomberos)|(medico|doctor|policia) <2>(urgente|rapido|ya)|ambulancia|"
        r"emergencias?",
        r"socorro|auxilio|(^|[^\w ] ?)ayuda(me|nos|dme)?(?= ?[!,.]|$)",
        r"<who> <3>(con|tiene|lleva|saca|sacado) <2>(cuchillo|navaja|pistola|arma|machete)|con una "
        r"pistola|armad[oa]s?|tiroteo|dispar(o|os|a|an|ando|aron)|"
        r"apunal\w+|rehen\w*|bomba|atac(a|an|ado|ada|aron|ando|o)|agred\w+|agresion|asalt\w+|atrac(o|ado|ada|"
        r"aron)|viol(o|ado|ada|aron|acion)|amenaz\w+|secuestr\w+",
        r"(me|nos) (han|acaban de) rob\w+|(pega|pegando|golpea|golpeando) <3>(<who>|me)|(me|le|la|nos) "
        r"(ha|han) (pegado|golpeado|"
        r"seguido)|me sigue|me esta siguiendo|aporre\w+|se estan pele\w+|pele\w+ndo|pelea|intrus[oa]|"
        r"ladron\w*|(alguien|hombre|desconocid[oa]) <3>(entrar|forzar)|(entrado|colado) <3>habitacion|"
        r"desconocido <2>habitacion|hay alguien (dentro|en) <1>(mi|nuestra|la) (habitacion|bano|cama)|"
        r"forzando",
        r"(hij[oa]s?|nin[oa]s?|bebe|madre|padre|abuel[oa]) <5>(desaparec\w+|esta perdid[oa]|se ha "
        r"perdido)|ha desaparecido|"
        r"no encontr\w+ a (mi|nuestr[oa])|no encuentr\w+ a (mi|nuestr[oa])",
        r"(atrapad\w+|encerrad\w+|atascad[oa]s) <3>(ascensor|sauna)",
    ),
)
_ITALIAN = Alarms(
    r"lui|lei|marito|moglie|figli[oae]|bambin[oaie]|neonat[oa]|padre|madre|papa|mamma|fratello|sorella|"
    r"nonn[oa]|amic[oa]|uomo|donna|signor[ea]?|qualcuno|persona|tizio|ragazz[oa]|ospite|gente|zi[oa]|collega",
    (
        r"incendi[oa]|fuoco|fiamme|fumo|bruci(a|ano|ando)|scintille|esplo\w+|monossido",
        r"(puzza|odore|odora|sento|si sente) <3>(gas|bruciato|fumo)|(fuga|perdita) di gas",
        r"non <4>respir\w+|(fatica|difficolta) <2>respirare|respira (male|a fatica)|soffoc\w+|svenut\w+|"
        r"svien\w+|terremoto|(sentit[oa]|sente|sta) <1>male|non parla piu|(ustion|scottat)\w+|si e "
        r"bruciat[oa]|"
        r"morso da|drogat[oa]|incosciente|(perso|perdere) (conoscenza|i sensi)|collassat\w+",
        r"infarto|ictus|dolor\w* <2>braccio|attacco (di cuore|cardiaco|epilettico)|arresto cardiaco|"
        r"dolor\w* <3>petto|male al "
        r"petto|convulsion\w+|sanguin\w+|emorragia|(perde|perdendo|molto|tanto|pieno di|esce) <1>sangue",
        r"(reazione|shock) allergic[oa]|anafila\w+|overdose|<who> <4>(ingoiato|ingerito)|(troppe|tutte|"
        r"ingoiato) <2>"
        r"(pastiglie|pillole|medicine|sonniferi)|avvelen\w+|intossic\w+|folgorat\w+|scossa elettrica|"
        r"annega\w*|affog\w+",
        r"rotte le acque|contrazioni|travaglio|<who> <3>cadut[oa]|cadut[oa] <4>(muove|alza|piscina|scale)|"
        r"ferit[oaie]|non <2>(alzarsi|muoversi)|non (si )?(muove|sveglia|rialza)|<who> <2>non <1>(risponde|"
        r"reagisce)|per terra e|(braccio|viso|gamba) <2>(addormentat\w|paralizzat\w|intorpidit\w)|(labbra|"
        r"viso|gola) <3>"
        r"gonfi\w+|attacco di (panico|asma)|(saltare|buttarsi|caduto|caduta|arrampica\w+) <4>(balcone|tetto|"
        r"finestra|piscina)|(rotto|rotta) <2>(gamba|"
        r"braccio|anca|caviglia)",
        r"sta morendo|e mort[oa]|(voglio|vorrei) (morire|uccidermi|ammazzarmi|farla finita)|suicid\w+|non "
        r"voglio piu vivere|togliermi la vita",
        r"(bisogno|chiam\w+|mand\w+|serv\w+|subito|urgente\w*|fate venire) <4>(medico|dottore|dottoressa|"
        r"ambulanza|polizia|carabinieri|pompieri|vigili del fuoco|118|112)|(medico|polizia) <1>subito|"
        r"ambulanza|emergenz[ae]",
        r"soccorso|^aiuto|aiuto[!,]|aiutatemi|aiutateci",
        r"<who> <3>(con|ha|tira|tirato) <2>(coltello|pistola|arma|fucile)|con (un coltello|una pistola)|"
        r"armat[oaie]|spar(a|ano|ando|"
        r"ato|atoria)|accoltell\w+|ostagg\w+|bomba|aggredi\w+|aggressione|rapin\w+|violent(ata|ato)|"
        r"stuprat\w+|minacci\w+|rapit[oa]",
        r"(picchia|picchiando|colpisce|strangola\w*) <3>(<who>|mi)|mi picchia|picchiat\w+|si picchiano|mi "
        r"segue|seguit[oa] <2>(camera|stanza)|(bussa|batte) forte <3>porta|rissa|intrus[oi]|ladr[oi]|"
        r"(qualcuno|uomo|sconosciut[oa]) <3>(entrare|forzare|sfondare)|sconosciut[oa] <3>(camera|stanza)|"
        r"entrato qualcuno",
        r"(figli[oa]|bambin[oa]|madre|padre|nonn[oa]) <4>(scompars[oa]|sparit[oa]|pers[oa](?! (il|la|lo|"
        r"un|i|le)\b))|non (trov\w+) "
        r"<2>(figli[oa]|bambin[oa])|si e pers[oa]",
        r"(bloccat\w+|intrappolat\w+|chius[ie]) <3>(ascensore|sauna)",
    ),
)
ALARMS = (_ENGLISH, _GERMAN, _FRENCH, _SPANISH, _ITALIAN)
