"""Containers of the built image, started for it and gone afterwards."""

from hotelctl.config.docker import ImageTrial
from hotelctl.config.template import fill, fill_all
from hotelctl.core.errors import NotApplicable, Unavailable
from hotelctl.core.image_trials import STATE, TrialSetting
from hotelctl.core.images import BuiltImage
from hotelctl.facts.image_trials import ImageTrials
from hotelctl.probes.context import Context

_PORT = 8080


def image_trials(context: Context, image: BuiltImage) -> ImageTrials:
    """How they did, with the variables of `[run.env]` and `[docker.trial]` and no others.

    Raises:
        NotApplicable: the service file has no `[docker.trial]`, or says who else asks for health.
        Unavailable: the image has nothing to ask, or no engine runs it.

    """
    spec = context.configuration.spec
    said = spec.docker.trial
    if said is None:
        raise NotApplicable(context.configuration.names_no("[docker.trial]"))
    if image.health[:1] in ((), ("NONE",)):
        if spec.docker.probe:
            raise NotApplicable(f"the image has no health check: {spec.docker.probe} asks instead")
        raise Unavailable(f"{image.name} has no health check to ask")
    closed = context.images.tried(_setting(context, image, said, closed=True))
    opened = None if closed.is_healthy else context.images.tried(_setting(context, image, said, closed=False))
    clean = spec.run_.clean_exit if spec.run_ else ()
    return ImageTrials(closed, opened, said.healthy_s, said.grace_s, clean)


def _setting(context: Context, image: BuiltImage, said: ImageTrial, *, closed: bool) -> TrialSetting:
    here = context.configuration
    port = str(here.spec.docker.port or _PORT)
    values = {
        "state": STATE,
        "port": port,
        "environment": here.environment_name,
        "public_url": f"http://127.0.0.1:{port}",
    }
    own = {key: fill(text, values, f"docker.trial.env.{key}") for key, text in said.env.items()}
    theirs = {
        key: fill(text, values, f"run.env.{key}")
        for key, text in here.spec.variables.items()
        if key not in own
    }
    prepare = tuple(fill_all(argv, values, "docker.trial.prepare") for argv in said.prepare)
    return TrialSetting(image.name, theirs | own, prepare, said.healthy_s, said.grace_s, closed)
