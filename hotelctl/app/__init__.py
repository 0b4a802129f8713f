"""The bundled service: an assistant for hotels, run as one process per instance behind a proxy."""
