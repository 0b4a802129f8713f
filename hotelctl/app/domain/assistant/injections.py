"""Attempts to make text act as an instruction."""

from hotelctl.app.domain.assistant.lexicon import any_of

_PATTERNS = (
    r"\b(ignore|disregard|forget|override|bypass)\b.{0,30}\b(instruction|prompt|rule|polic|"
    r"guideline|direction|filter|above"
    r"|restriction|previous|training)",
    r"\b(system|developer|hidden|initial|secret|original) (prompt|message|instruction|mode|rule)s?\b",
    r"\byou are (now|no longer)\b|\bact as (if|an?|the)\b|\bpretend (to be|you|that)\b|\brole "
    r"?play\b|\bfrom now on\b",
    r"\b(jailbreak|dan mode|do anything now|sudo|god mode|debug mode|admin mode|maintenance mode)\b",
    r"\b(reveal|print|show|repeat|output|leak|dump)\b.{0,30}\b(prompt|instruction|config|secret|"
    r"password|api key|token"
    r"|database|source code|environment|everything above|words above)",
    r"</?(system|assistant|user|instructions?|data|kb|knowledge)\b|\[/?(inst|system)\]|<\|\w+\|>|"
    r"^#{2,} ?(system|instruction)",
    r"\b(drop table|union select|select \* from|insert into|delete from|or 1 ?= ?1|<script|"
    r"javascript:|\{\{.*\}\})",
    r"\bas an? (admin\w*|developer|manager|owner|system|root)\b.{0,40}\b(i|you|give|grant|show|"
    r"order|override)\b",
    r"\b(ignorier\w*|vergiss|missachte)\b.{0,30}\b(anweisung|regel|vorgabe|prompt)|\bdu bist "
    r"(jetzt|nun|ab jetzt)\b"
    r"|\b(zeig\w*|gib|nenn\w*)\b.{0,30}\b(systemprompt|system-prompt|passwort|kennwort|anweisungen)\b",
    r"\b(ignore[zr]?|oublie[zr]?)\b.{0,30}\b(instructions|regles|consignes)|\btu es (maintenant|desormais)\b"
    r"|\bvous etes (maintenant|desormais)\b|\b(montre\w*|revele\w*|affiche\w*)\b.{0,30}\b(prompt|"
    r"mot de passe|instructions)\b",
    r"\b(ignora|olvida)\b.{0,30}\b(instrucciones|reglas|anteriores)|\bahora eres\b"
    r"|\b(muestra|revela|dime)\b.{0,30}\b(prompt|contrasena|instrucciones)\b",
    r"\b(ignora|dimentica)\b.{0,30}\b(istruzioni|regole|precedenti)|\bora sei\b"
    r"|\b(mostra|rivela|dimmi)\b.{0,30}\b(prompt|password|istruzioni)\b",
)
MARKS = any_of(_PATTERNS)
