"""Words of the pages for developers, in German and in English."""

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str]] = {
    "docs_lead": (
        "Die HTTP-Schnittstellen dieses Systems, aus seiner OpenAPI-Beschreibung erzeugt (Texte englisch).",
        "The HTTP interfaces of this system, made from its OpenAPI description.",
    ),
    "docs_raw": ("Als OpenAPI-Dokument (JSON)", "As an OpenAPI document (JSON)"),
    "contents": ("Inhalt", "Contents"),
    "key_needed": ("Zugangsschlüssel nötig", "Access key needed"),
    "parameters": ("Parameter", "Parameters"),
    "name": ("Name", "Name"),
    "in": ("Wo", "In"),
    "type": ("Typ", "Type"),
    "meaning": ("Bedeutung", "Meaning"),
    "required": ("Pflicht", "required"),
    "optional": ("optional", "optional"),
    "request_body": ("Inhalt der Anfrage", "Request body"),
    "http_answers": ("Antworten", "Answers"),
    "example": ("Beispiel", "Example"),
    "facts_lead": (
        (
            "Was die Dienste einander über den Bus mitteilen, aus ihren Abonnements erzeugt (AsyncAPI 3.0, "
            "Texte englisch)."
        ),
        "What the services tell each other over the bus, made from their subscriptions (AsyncAPI 3.0).",
    ),
    "facts_raw": ("Als AsyncAPI-Dokument (JSON)", "As an AsyncAPI document (JSON)"),
    "heard_by": ("Gehört von", "Heard by"),
    "nobody": ("niemandem", "nobody"),
    "fields": ("Felder", "Fields"),
    "field": ("Feld", "Field"),
}
