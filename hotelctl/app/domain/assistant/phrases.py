"""The fixed sentences of the assistant in its five languages; nothing else that it says is its own."""

from enum import StrEnum

from hotelctl.app.domain.assistant.language import ENGLISH
from hotelctl.app.domain.assistant.standing import Standing


class Say(StrEnum):
    """Which sentence."""

    GREETING = "greeting"
    NOT_FOUND = "not_found"
    PRIVACY = "privacy"
    EMERGENCY = "emergency"
    EMERGENCY_CALL = "emergency_call"
    PROPOSE = "propose"
    LEFT_OUT = "left_out"
    IN_ROOM = "in_room"
    DONE = "done"
    CANCELLED = "cancelled"
    NOTHING_PENDING = "nothing_pending"
    ALREADY_OPEN = "already_open"
    PERSON = "person"
    NO_ACTIONS = "no_actions"
    CARD = "card"
    NO_ROOM = "no_room"
    REQUESTS = "requests"
    NO_REQUESTS = "no_requests"


_SENTENCES: dict[str, dict[Say, str]] = {
    "en": {
        Say.GREETING: "Hello! Ask me about the hotel, or tell me what you need in your room.",
        Say.NOT_FOUND: "I could not find this in the hotel's information. Shall I pass it to reception?",
        Say.PRIVACY: "I cannot give information about other guests or about staff. Reception can help you.",
        Say.EMERGENCY: "I have alerted the staff now.",
        Say.EMERGENCY_CALL: "In danger, call {phone} at once.",
        Say.PROPOSE: "Shall I pass this on: {titles}? Please confirm.",
        Say.LEFT_OUT: "I have left out {titles}: please ask for it after that.",
        Say.IN_ROOM: "{titles} (room {room})",
        Say.DONE: "Passed on: {titles}.",
        Say.CANCELLED: "All right, I have not passed anything on.",
        Say.NOTHING_PENDING: "There is nothing to confirm. What can I do for you?",
        Say.ALREADY_OPEN: "This is already with our staff: {titles}.",
        Say.PERSON: "I have told reception. Someone will answer here.",
        Say.NO_ACTIONS: "I can only answer questions about the hotel here.",
        Say.CARD: "Please never send card numbers here. I have removed it.",
        Say.NO_ROOM: "I do not know your room, so I cannot pass on room requests.",
        Say.REQUESTS: "Your requests: {titles}.",
        Say.NO_REQUESTS: "I find no such request of yours here.",
    },
    "de": {
        Say.GREETING: "Guten Tag! Fragen Sie mich zum Hotel oder sagen Sie, was Sie im Zimmer brauchen.",
        Say.NOT_FOUND: "Dazu finde ich in den Hotelinformationen nichts. Soll ich es an die "
        "Rezeption weitergeben?",
        Say.PRIVACY: "Über andere Gäste oder über Mitarbeiter gebe ich keine Auskunft. Die "
        "Rezeption hilft Ihnen.",
        Say.EMERGENCY: "Ich habe jetzt das Personal alarmiert.",
        Say.EMERGENCY_CALL: "Bei Gefahr rufen Sie sofort {phone} an.",
        Say.PROPOSE: "Soll ich das weitergeben: {titles}? Bitte bestätigen Sie.",
        Say.LEFT_OUT: "Weggelassen habe ich {titles}: Bitte fragen Sie danach noch einmal.",
        Say.IN_ROOM: "{titles} (Zimmer {room})",
        Say.DONE: "Weitergegeben: {titles}.",
        Say.CANCELLED: "In Ordnung, ich habe nichts weitergegeben.",
        Say.NOTHING_PENDING: "Es gibt nichts zu bestätigen. Was kann ich für Sie tun?",
        Say.ALREADY_OPEN: "Das liegt unserem Personal schon vor: {titles}.",
        Say.PERSON: "Ich habe die Rezeption informiert. Hier wird Ihnen jemand antworten.",
        Say.NO_ACTIONS: "Ich kann hier nur Fragen zum Hotel beantworten.",
        Say.CARD: "Bitte senden Sie hier nie Kartennummern. Ich habe sie entfernt.",
        Say.NO_ROOM: "Ich kenne Ihr Zimmer nicht und kann deshalb keine Zimmerwünsche weitergeben.",
        Say.REQUESTS: "Ihre Anliegen: {titles}.",
        Say.NO_REQUESTS: "Ich finde hier kein solches Anliegen von Ihnen.",
    },
    "fr": {
        Say.GREETING: "Bonjour ! Posez-moi vos questions sur l'hôtel ou dites-moi ce qu'il vous faut.",
        Say.NOT_FOUND: "Je ne trouve rien à ce sujet dans les informations de l'hôtel. "
        "Dois-je transmettre à la réception ?",
        Say.PRIVACY: "Je ne donne aucune information sur d'autres clients ni sur le "
        "personnel. La réception peut vous aider.",
        Say.EMERGENCY: "J'ai alerté le personnel.",
        Say.EMERGENCY_CALL: "En cas de danger, appelez tout de suite le {phone}.",
        Say.PROPOSE: "Dois-je transmettre ceci : {titles} ? Merci de confirmer.",
        Say.LEFT_OUT: "J'ai laissé de côté {titles} : merci de le redemander ensuite.",
        Say.IN_ROOM: "{titles} (chambre {room})",
        Say.DONE: "Transmis : {titles}.",
        Say.CANCELLED: "Très bien, je n'ai rien transmis.",
        Say.NOTHING_PENDING: "Il n'y a rien à confirmer. Que puis-je faire pour vous ?",
        Say.ALREADY_OPEN: "Notre personnel s'en occupe déjà : {titles}.",
        Say.PERSON: "J'ai prévenu la réception. Quelqu'un va vous répondre ici.",
        Say.NO_ACTIONS: "Je ne peux répondre ici qu'aux questions sur l'hôtel.",
        Say.CARD: "N'envoyez jamais de numéro de carte ici. Je l'ai supprimé.",
        Say.NO_ROOM: "Je ne connais pas votre chambre et ne peux donc pas transmettre de demande.",
        Say.REQUESTS: "Vos demandes : {titles}.",
        Say.NO_REQUESTS: "Je ne trouve ici aucune demande de ce genre de votre part.",
    },
    "es": {
        Say.GREETING: "¡Hola! Pregúnteme sobre el hotel o dígame qué necesita en su habitación.",
        Say.NOT_FOUND: "No encuentro nada sobre esto en la información del hotel. ¿Lo paso a recepción?",
        Say.PRIVACY: "No doy información sobre otros huéspedes ni sobre el personal. "
        "Recepción puede ayudarle.",
        Say.EMERGENCY: "He avisado al personal ahora mismo.",
        Say.EMERGENCY_CALL: "En caso de peligro, llame enseguida al {phone}.",
        Say.PROPOSE: "¿Paso este aviso: {titles}? Confirme, por favor.",
        Say.LEFT_OUT: "He dejado fuera {titles}: pídalo después, por favor.",
        Say.IN_ROOM: "{titles} (habitación {room})",
        Say.DONE: "Avisado: {titles}.",
        Say.CANCELLED: "De acuerdo, no he pasado nada.",
        Say.NOTHING_PENDING: "No hay nada que confirmar. ¿Qué puedo hacer por usted?",
        Say.ALREADY_OPEN: "Nuestro personal ya tiene este aviso: {titles}.",
        Say.PERSON: "He avisado a recepción. Alguien le responderá aquí.",
        Say.NO_ACTIONS: "Aquí solo puedo responder preguntas sobre el hotel.",
        Say.CARD: "No envíe nunca números de tarjeta aquí. Lo he eliminado.",
        Say.NO_ROOM: "No conozco su habitación y no puedo pasar peticiones.",
        Say.REQUESTS: "Sus peticiones: {titles}.",
        Say.NO_REQUESTS: "No encuentro aquí ninguna petición suya de este tipo.",
    },
    "it": {
        Say.GREETING: "Buongiorno! Mi chieda dell'hotel o mi dica che cosa le serve in camera.",
        Say.NOT_FOUND: "Non trovo nulla su questo nelle informazioni dell'hotel. Lo passo alla reception?",
        Say.PRIVACY: "Non do informazioni su altri ospiti né sul personale. La reception può aiutarla.",
        Say.EMERGENCY: "Ho avvisato subito il personale.",
        Say.EMERGENCY_CALL: "In caso di pericolo chiami subito il {phone}.",
        Say.PROPOSE: "Inoltro questa richiesta: {titles}? Confermi, per favore.",
        Say.LEFT_OUT: "Ho lasciato fuori {titles}: lo richieda dopo, per favore.",
        Say.IN_ROOM: "{titles} (camera {room})",
        Say.DONE: "Inoltrato: {titles}.",
        Say.CANCELLED: "Va bene, non ho inoltrato nulla.",
        Say.NOTHING_PENDING: "Non c'è nulla da confermare. Che cosa posso fare per lei?",
        Say.ALREADY_OPEN: "Il personale ha già questa richiesta: {titles}.",
        Say.PERSON: "Ho avvisato la reception. Qualcuno le risponderà qui.",
        Say.NO_ACTIONS: "Qui posso rispondere solo a domande sull'hotel.",
        Say.CARD: "Non invii mai numeri di carta qui. L'ho rimosso.",
        Say.NO_ROOM: "Non conosco la sua camera e non posso inoltrare richieste.",
        Say.REQUESTS: "Le sue richieste: {titles}.",
        Say.NO_REQUESTS: "Non trovo qui nessuna sua richiesta di questo tipo.",
    },
}
_TITLES: dict[str, dict[str, str]] = {
    "de": {
        "towels": "Handtücher",
        "bedding": "Bettwäsche",
        "cleaning": "Zimmerreinigung",
        "toiletries": "Badartikel",
        "equipment": "Ausstattung fürs Zimmer",
        "room-service": "Zimmerservice",
        "fault": "Schaden im Zimmer",
        "noise": "Lärm",
        "complaint": "Beschwerde",
        "lost-item": "Fundsache",
        "late-check-out": "Später Check-out",
        "taxi": "Taxi",
        "wake-up": "Weckruf",
        "pests": "Ungeziefer im Zimmer",
        "locked-out": "ausgesperrt",
        "message": "Ihre Nachricht an die Rezeption",
        "handoff": "Ihre Frage",
        "emergency": "Notfall",
    },
    "fr": {
        "towels": "serviettes",
        "bedding": "literie",
        "cleaning": "ménage",
        "toiletries": "articles de toilette",
        "equipment": "équipement de chambre",
        "room-service": "service en chambre",
        "fault": "panne dans la chambre",
        "noise": "bruit",
        "complaint": "réclamation",
        "lost-item": "objet perdu",
        "late-check-out": "départ tardif",
        "taxi": "taxi",
        "wake-up": "réveil",
        "pests": "nuisibles dans la chambre",
        "locked-out": "enfermé dehors",
        "message": "votre message à la réception",
        "handoff": "votre question",
        "emergency": "urgence",
    },
    "es": {
        "towels": "toallas",
        "bedding": "ropa de cama",
        "cleaning": "limpieza",
        "toiletries": "artículos de baño",
        "equipment": "equipamiento",
        "room-service": "servicio de habitaciones",
        "fault": "avería en la habitación",
        "noise": "ruido",
        "complaint": "queja",
        "lost-item": "objeto perdido",
        "late-check-out": "salida tardía",
        "taxi": "taxi",
        "wake-up": "despertador",
        "pests": "plagas en la habitación",
        "locked-out": "se ha quedado fuera",
        "message": "su mensaje a recepción",
        "handoff": "su pregunta",
        "emergency": "emergencia",
    },
    "it": {
        "towels": "asciugamani",
        "bedding": "biancheria da letto",
        "cleaning": "pulizia",
        "toiletries": "articoli da bagno",
        "equipment": "dotazione della camera",
        "room-service": "servizio in camera",
        "fault": "guasto in camera",
        "noise": "rumore",
        "complaint": "reclamo",
        "lost-item": "oggetto smarrito",
        "late-check-out": "check-out posticipato",
        "taxi": "taxi",
        "wake-up": "sveglia",
        "pests": "insetti o topi in camera",
        "locked-out": "rimasto chiuso fuori",
        "message": "il suo messaggio alla reception",
        "handoff": "la sua domanda",
        "emergency": "emergenza",
    },
}
_STANDING_WORDS: dict[str, dict[Standing, str]] = {
    "en": {
        Standing.OPEN: "open",
        Standing.IN_PROGRESS: "in progress",
        Standing.WAITING: "waiting for your answer",
        Standing.DONE: "done",
        Standing.CANCELLED: "cancelled",
    },
    "de": {
        Standing.OPEN: "offen",
        Standing.IN_PROGRESS: "in Arbeit",
        Standing.WAITING: "wartet auf Ihre Antwort",
        Standing.DONE: "erledigt",
        Standing.CANCELLED: "storniert",
    },
    "fr": {
        Standing.OPEN: "ouverte",
        Standing.IN_PROGRESS: "en cours",
        Standing.WAITING: "en attente de votre réponse",
        Standing.DONE: "terminée",
        Standing.CANCELLED: "annulée",
    },
    "es": {
        Standing.OPEN: "abierta",
        Standing.IN_PROGRESS: "en curso",
        Standing.WAITING: "a la espera de su respuesta",
        Standing.DONE: "resuelta",
        Standing.CANCELLED: "cancelada",
    },
    "it": {
        Standing.OPEN: "aperta",
        Standing.IN_PROGRESS: "in corso",
        Standing.WAITING: "in attesa di una sua risposta",
        Standing.DONE: "conclusa",
        Standing.CANCELLED: "annullata",
    },
}
_ENGLISH_TITLES = {
    "handoff": "your question",
    "message": "your message to reception",
    "fault": "something in your room is not in order",
}


def say(sentence: Say, language: str, **values: str) -> str:
    """The sentence in the language, or in English if the assistant does not speak it."""
    return _SENTENCES.get(language, _SENTENCES[ENGLISH])[sentence].format(**values)


def standing_word(standing: Standing, language: str) -> str:
    """How far a request has come, in the language or in English."""
    return _STANDING_WORDS.get(language, _STANDING_WORDS[ENGLISH])[standing]


def topic_title(topic: str, language: str, title: str) -> str:
    """What a guest reads for a wish; the hotel's books keep the English title with its count."""
    own = _TITLES.get(language, _ENGLISH_TITLES).get(topic)
    count = title[title.rfind("(") :] if title.endswith(")") else ""
    return f"{own} {count}".strip() if own else title.lower() if language == ENGLISH else title


def shown_title(topic: str, language: str, title: str) -> str:
    """The same where it stands by itself, with the capitals that it has in the books."""
    words = topic_title(topic, language, title)
    return title if words == title.lower() else words[:1].upper() + words[1:]
