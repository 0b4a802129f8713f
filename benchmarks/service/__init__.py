"""The bundled service under load: a world to ask in, an open model that asks, figures and their page."""
