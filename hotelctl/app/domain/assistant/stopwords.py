"""Words that say nothing about what a question is after, here and in each of the assistant's languages."""

_ENGLISH = (
    "a an the and or but if of in on at to for from by with about into is are was were be been am do"
    " does did have has had having can could may might must shall should will would i me my mine we us"
    " our you your he she it its they them their this that these those there here what which who whom"
    " when where why how not no yes please thanks thank hello hi hey want need like know tell say give"
    " get got let go come take make use hotel room rooms house guest guests day days today tonight"
    " tomorrow now any some much many more most also just really very quite still so than then too"
    " allowed possible available offer exactly actually somewhere something someone anything one time"
    " times way long far near nearest until till whether s t re ll ve d m"
)
_GERMAN = (
    "der die das den dem des ein eine einen einem einer und oder aber in im an am auf aus bei mit nach"
    " von vom zu zum zur für über unter bis ist sind war waren sein bin habe haben hat hatte kann können"
    " könnte darf dürfen muss müssen soll will wollen wird werden würde möchte möchten ich mich mir mein"
    " meine meinen meinem wir uns unser unsere unseren sie ihr ihre ihren du dein er es man sich was"
    " wann wo wie wer welche welcher welches wohin warum wieviel viel viele gibt geben hier da dort"
    " nicht kein keine ja nein bitte danke hallo guten tag hotel zimmer haus gast gäste heute morgen"
    " jetzt noch auch nur sehr mehr lange macht machen komme kommen geht lautet hoch"
)
_FRENCH = (
    "le la les l un une des du de d au aux et ou mais dans en sur sous pour par avec sans à est sont"
    " était être suis ai as a avez avons ont avoir peut peux puis pouvez pouvons pourrait je me m mon ma"
    " mes nous notre nos vous votre vos il elle ils elles on se s ce c cet cette ces que qu quoi qui"
    " quand où quel quelle quels quelles comment combien pourquoi y t ne n pas plus non oui s'il plaît"
    " svp merci bonjour hôtel chambre client clients jour aujourd'hui demain maintenant heure heures"
    " encore aussi très jusqu jusqu'à faut fait faire lieu trouve"
)
_SPANISH = (
    "el la los las un una unos unas de del al y o pero en con sin por para a es son está están era ser"
    " estar hay he ha tiene tienen tener puedo puede pueden podemos poder yo me mi mis nosotros nos"
    " nuestro nuestra usted ustedes su sus se lo le que qué cuándo cuando dónde donde cuál cual cómo"
    " como cuánto cuanto cuánta quién quien por qué no sí si favor gracias hola hotel habitación cliente"
    " huésped día hoy mañana ahora hora horas más muy también aquí llego"
)
_ITALIAN = (
    "il lo la i gli le l un uno una di del dello della dei degli delle d a al allo alla ai alle da dal"
    " in nel nella con su sul per tra fra e o ma è sono era essere c'è ci avete ho ha hanno avere posso"
    " può possiamo potete io mi mio mia miei noi ci nostro nostra voi vi vostro lei lui loro si che cosa"
    " quando dove quale quali qual come quanto quanta chi perché non sì no per favore grazie ciao"
    " buongiorno hotel albergo camera stanza cliente ospite giorno oggi domani adesso ora ore più molto"
    " anche qui"
)
STOP_WORDS = f"{_ENGLISH} {_GERMAN} {_FRENCH} {_SPANISH} {_ITALIAN}"
