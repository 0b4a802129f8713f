"""Questions about other guests and the private life of staff, in folded words.

Each names a person, or asks for one; a room, a price or a thing alone is nobody's secret. `<3>` stands for
up to three words between, `<who>` for a person.
"""

from hotelctl.app.domain.assistant.lexicon import whole_words

_KIN = (
    r"wife|husband|girlfriend|boyfriend|fiancee?|partner|ex|friend|boss|colleague|son|daughter|mother|father|"
    r"brother|sister"
)
_STAFF = (
    r"manager|receptionist|maid|cleaner|waiter|waitress|bartender|employee|staff|chef|housekeeper|porter|"
    r"owner"
)
# What is said of a place and never of somebody.
_PLACES = (
    r"the|a|an|this|that|it|there|my|our|your|breakfast|lunch|dinner|brunch|spa|gym|pool|bar|wi-?fi|internet|"
    r"yoga|meetings?|conference|event|wedding|party|sauna|buffet|class|tv|early|late|everything|room|parking"
)
_ENGLISH_WHO = (
    r"(mr|mrs|ms|miss|dr)\.? [\w'-]+|he|she|they|(the|that|this|other|another|all|which) <1>(guests?|lady|"
    r"ladies|"
    rf"m[ae]n|wom[ae]n|couple|person|people|family|gentleman|guy|girl|neighbou?rs?)|(my|his|her) ({_KIN})"
)
_ENGLISH = (
    r"(which|what) (room|suite|floor|apartment) (number )?(is|does|did|has|have|are|was|were) <who>",
    rf"(which|what) room (is|does|has) (?!(?:{_PLACES}) )[\w'-]+ ([\w'-]+ )?(in|staying|stay|sleeping)(?= "
    rf"*[?!.]|$| "
    r"now| tonight| here)",
    r"(room|room number|suite) of <who>|(room )?numbers? (of|for) (<who>|the <1>(guest|lady|man|couple))|"
    r"(which|what)('s| is) the room( number)? (of|for) <who>",
    r"(names?|phones?|phone numbers?|numbers?|e-?mails?|address\w*|passports?|bookings?|details?|data|"
    r"list|bills?|"
    r"messages?) (of|for|from|about) (the |all )*(other |another |next |previous |last |vip )?(guests?|"
    r"(lady|man|"
    r"woman|couple|person|people|family|gentleman) (in|from|next)|(mr|mrs|ms|miss|dr)\.? \w+)",
    r"(other|another|different|previous|all) guests?('s|s'|')? <2>(names?|room numbers?|numbers|phones?|"
    r"e-?mails?|"
    r"address\w*|passports?|bookings?|details|data|bills?)|other people'?s (rooms?|data|messages?|requests?)",
    r"who (has |have |had )?(booked|reserved|rented|paid for|got|is|was|has|had) <1>(room|suite|"
    r"apartment) ?\d+|who "
    r"(else )?(is |was |are |were )?(else )?(staying |sleeping |living |stays |stayed |lives |lived |"
    r"slept |sleeps )?(in|at) "
    r"(the |our |my )?(room|suite|apartment|number|next)(?! service)",
    r"(is|are|was|were|did|has|have|does) (mr|mrs|ms|miss|dr)\.? ?[\w'-]+ <2>(staying|here|check\w*|a "
    r"guest|still|in|"
    r"arrive\w*|leave|left|gone)",
    rf"(is|are) (?!(?:{_PLACES}) )[\w'-]+ [\w'-]+ (staying (here|in|with|at)|staying(?= *\?|$)|a guest|"
    rf"checked in)",
    r"(is|are|was|were|did|has|have|does|when (did|does|will)|where (is|are)) the (guests?|lady|man|woman|"
    r"couple|"
    r"family|people|person|gentleman) (staying )?(in|from|of|next|at) <2>(\d+\w?|room|suite|door)",
    rf"(has|have|did|when did) my ({_KIN}) <2>(check\w*|arriv\w*|left|leave|book\w*|stay\w*|com\w+)|(is|"
    rf"was) my "
    rf"({_KIN}) <1>(here|staying|checked in|in the hotel|with)",
    r"guest ?list|guests? (in|of|from) (the )?room \d+|who (is|was) with (him|her|mr|mrs|ms) ?",
    rf"(home|private|personal|mobile) (address|phone|number|e-?mail|telephone) <2>(of|for|from) <2>({_STAFF}|"
    r"guests?|mr|mrs|ms)",
    rf"({_STAFF})('s|s'|s)? (home|private|personal|phone|mobile|address|surname|last name|shift|e-?mail|"
    rf"number|"
    r"salary)",
    rf"where does (the |your |this |that )?({_STAFF}|mr|mrs|ms|he|she) <3>lives?|what (did|does|has|have) "
    rf"(the )?(guests?"
    r"|person|people|couple|lady|man|mr|mrs|ms|room \d+) <4>(order\w*|pay|paid|eat|eaten|drink|say|said|"
    r"complain\w*|do)",
)
_GERMAN_WHO = (
    r"herrn?|frau|familie|dr|(der|die|das|den|des) (gast|gaste|gastes|dame|herr|mann|mannes|paar|paars|"
    r"familie|leute)|"
    r"(mein\w*|sein\w*) (frau|mann\w*|freund\w*|chef\w*|kolleg\w*|ex\w*|sohn\w*|tochter|mutter|vater\w*|"
    r"partner\w*)"
)
_GERMAN = (
    r"(in welchem|welches|welche) (zimmer|zimmernummer|suite) <2>(<who>|wohnt|schlaft|ubernachtet|wohnen)",
    r"(zimmer|zimmernummer|suite) (von |der |des )+(<who>|dame|herrn?|gast\w*|paars?|familie)",
    r"wer (wohnt|ist|schlaft|ubernachtet|war|hat) <2>(zimmer|suite|nebenan)|gasteliste|(ist|sind|war|"
    r"waren) (herr|frau|"
    r"familie) [\w-]+|(hat|haben) (herr|frau|familie) [\w-]+ <2>(ausgecheckt|eingecheckt|gebucht|bestellt)",
    r"(namen?|daten|zimmernummern?|telefonnummern?|adressen?|rechnung\w*|zimmer) (der|des|von|vom) "
    r"<1>(gaste|gasten|"
    r"gastes|gast)|(namen?|daten|zimmer\w*|\w*nummer\w*|wer|informationen) <3>andere\w* gast\w*",
    r"(privat|handy)(adresse|nummer|telefon)\w* (von|des|der|vom|eures|ihres)|(private|personliche) "
    r"(adresse|nummer) "
    r"(von|des|der)|wo wohnt (der|die|herr|frau|ihr|euer)",
    r"(ist|hat|sind|haben|war) (der|die|das) (gast|gaste|dame|mann|frau|paar|familie|leute|herr) (aus|in|"
    r"von|im) <1>"
    r"(\d+|zimmer|suite)|(\w*nummer|namen?|adresse|e-?mail|mail|rechnung) (der |des |von |vom )+(dame|"
    r"herrn?|mannes|frau|"
    r"gast\w*|paars?|familie|nachbarn?) <1>(in|aus|von|im|\d+|nebenan)|"
    r"(nummer|name|adresse) von (herrn?|frau) [\w-]+",
    r"(hat|ist|war) mein\w* (frau|mann|freund\w*|ex\w*|chef\w*|partner\w*|tochter|sohn) <5>(eingecheckt|"
    r"ausgecheckt|"
    r"angekommen|abgereist|ubernachtet|hier|im haus)|was (hat|haben) <who> <4>(bestellt|gegessen|bezahlt|"
    r"gesagt)",
)
_FRENCH_WHO = (
    r"(monsieur|madame|mademoiselle|mme|mlle|m\.?|docteur) [\w'-]+|(le|la|les|du|un|une) (cliente?s?|dame|"
    r"couple|"
    r"famille|homme|femme|voisine?s?)|(ma|mon) (femme|mari|amie?|ex|fils|fille|patron|collegue|copine?|"
    r"mere|pere)|"
    r"il|elle"
)
_FRENCH = (
    r"quelle chambre <1>(<who>|loge|dort|occupe|sejourne|habite|(est|a|se trouve) <who>)",
    r"(chambre|numero de chambre) (de |du |d')(<who>|client\w*|la dame|la famille)",
    r"qui (loge|dort|est|occupe|habite|a reserve|etait|sejourne) (dans |a |en )?(la )?(chambre|suite)",
    r"(noms?|chambres?|numeros?|telephones?|adresses?|donnees|informations?|listes?|factures?) <3>autres? "
    r"(clients?|"
    r"hotes?)|liste des clients|(adresse|numero|telephone) (personnel\w*|prive\w*) (de|du|d')",
    r"est-ce que (monsieur|madame|mme|m) [\w'-]+|(monsieur|madame|mme) [\w'-]+ (est-il|est-elle|a-t-il|"
    r"a-t-elle|loge)",
    r"(est-ce que|numero|nom|telephone|adresse|e-?mail|mail|courriel|facture) <2><who> <3>\d+|(nom|numero|"
    r"telephone|"
    r"adresse|e-?mail) (de |du |d')(la |l')?(client\w*|voisine?|dame)|<who> <3>\d+ (est-il|est-elle|est "
    r"parti\w*|a-t-il|"
    r"a-t-elle)|(ma|mon) (femme|mari|amie?|ex|copine?) (est-elle|est-il|a-t-elle|a-t-il|loge)",
    r"est-ce que (ma|mon) (femme|mari|amie?|ex|copine?) <3>(arrivee?|partie?|loge|ici|enregistree?)",
)
_SPANISH_WHO = (
    r"((el|la|los) )?(senora?|senores|sr|sra|don|dona) [\w'-]+|(el|la|los) (huesped\w*|cliente\w*|pareja|"
    r"familia|"
    r"mujer|hombre|senora|senor)|mi (mujer|marido|espos[oa]|novi[oa]|ex|amig[oa]|hij[oa]|jef[ea])"
)
_SPANISH = (
    r"que habitacion <1>(<who>|duerme\w*|se aloja\w*|(esta|tiene|ocupa|es la de) <who>)",
    r"habitacion (de |del )(<who>|senora? |huesped|cliente)|quien (esta|duerme|vive|se aloja|reservo|ha "
    r"reservado|"
    r"ocupa|estaba) <2>habitacion",
    r"(nombres?|datos|habitacion\w*|numeros?|telefonos?|lista|facturas?) <3>otros? (huesped\w*|clientes?)|"
    r"lista de "
    r"huespedes|(direccion|telefono|numero) (privad[oa]|personal) (de|del)",
    r"(ido|salido|esta|sigue|llegado|llego|fue|marchado) <who> <3>\d+|(numero|nombre|telefono|correo|"
    r"email|factura) (de |del )(<who>|(la )?(senora?|"
    r"huesped|cliente|vecin[oa]))|(esta|aloja|llegado|llego) ((el|la) )?(senora?|sr|sra|don|dona) [\w'-]+",
    r"<who> <2>(se registro|se ha registrado|ha llegado|esta aqui|alojad\w+)|(registrado|registro|llegado|"
    r"vino) mi "
    r"(mujer|marido|espos[oa]|novi[oa]|ex)",
)
_ITALIAN_WHO = (
    r"((il|la) )?(signor\w*|dott\w*) [\w'-]+|(il|la|i|gli) (client[ei]|ospit[ei]|coppia|famiglia|donna|"
    r"uomo|signor\w*)|"
    r"l'ospite|(mia|mio) (moglie|marito|ex|amic[oa]|figli[oa]|fidanzat[oa]|capo)"
)
_ITALIAN = (
    r"(quale|che) (camera|stanza) <1>(<who>|alloggia\w*|dorm\w+|soggiorna\w*|(e|sta|ha|si trova) <who>)",
    r"(camera|stanza) (di |del |della |dell')(<who>|signor\w* |client\w* |ospite)|chi (c'e|e|dorme|"
    r"alloggia|ha "
    r"prenotato|sta|occupa|soggiorna) <2>(camera|stanza)",
    r"(nom[ei]|dati|camer[ae]|numer[oi]|telefon[oi]|lista|elenco) <3>altri (ospiti|clienti)|(lista|"
    r"elenco) degli "
    r"ospiti|(indirizzo|telefono|numero) (privato|personale) (di|del|della)",
    r"<who> <3>\d+ <1>(e partit[oa]|partit[oa]|andat[oa])|(partit[oa]|andat[oa]|ancora) <who> <3>\d+|"
    r"(numero|nome|e-?mail|"
    r"telefono|conto) (di |del |della |dell')(<who>|signora?|ospite|client\w|vicin[oa])",
    r"(mia moglie|mio marito) <2>(registrat[oa]|arrivat[oa]|fatto il check)|(arrivat[oa]|registrat[oa]) "
    r"(mia moglie|mio "
    r"marito)",
)
_BY_LANGUAGE = (
    (_ENGLISH, _ENGLISH_WHO),
    (_GERMAN, _GERMAN_WHO),
    (_FRENCH, _FRENCH_WHO),
    (_SPANISH, _SPANISH_WHO),
    (_ITALIAN, _ITALIAN_WHO),
)
_MARKS = tuple(whole_words(patterns, who) for patterns, who in _BY_LANGUAGE)


def asks_about_others(folded: str) -> bool:
    """Whether the folded text asks for what is another person's affair, in any of the languages."""
    return any(marks.search(folded) for marks in _MARKS)
