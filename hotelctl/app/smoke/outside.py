"""P9: outside services that are configured do what they are for; on request only, as it leaves the house."""

from functools import partial

from sqlalchemy import text

from hotelctl.app.external_settings import ExternalSettings
from hotelctl.app.services.assistant.selection import Providers
from hotelctl.app.services.external.contact import LIMIT_S, Contact, State
from hotelctl.app.services.external.directory import Directory
from hotelctl.app.smoke.breakfast import QUESTION, written
from hotelctl.app.smoke.codes import made, shown, token_of
from hotelctl.app.smoke.guest import opened, said
from hotelctl.app.smoke.run import Probe, Run
from hotelctl.app.smoke.talk import Broken
from hotelctl.app.store.hotel_facts import WITH_EXTERNAL

NAME = "P9 outside services"
MODEL_S = 25.0
_ALLOW = text(
    """
    UPDATE hotels
       SET settings = settings || jsonb_build_object('openai_enabled', true, CAST(:outside AS text), true)
     WHERE id = :id AND is_synthetic AND deleted_at IS NULL
    """
)


def probes_of(settings: ExternalSettings) -> list[Probe]:
    """One for each service that is configured, and one for a model that words answers.

    Raises StartFailure where the library of one is missing.
    """
    directory = Directory(settings)
    directory.require_extras()
    asked = [
        # Its library may take a second to load.
        Probe(f"P9 {one.name}", 2 * LIMIT_S, partial(_answers, one))
        for one in directory.contacts
        if one.configured()
    ]
    if Providers(settings, directory.openai).has_openai:
        asked.append(Probe("P9 model elsewhere", MODEL_S, _words))
    return asked


async def _answers(service: Contact, run: Run) -> None:
    """One real call that changes nothing is answered. Raises Broken."""
    found = await service.check()
    if found.state is not State.OK:
        raise Broken(f"{service.name} failed: {found.code}")
    run.measure("answer", found.latency_ms or 0.0, "ms")


def probe_without(settings: ExternalSettings) -> Probe:
    """That guests are answered although the model that is configured cannot be reached.

    Raises StartFailure where the library of a service is missing.
    """
    directory = Directory(settings)
    directory.require_extras()
    expected = Providers(settings, directory.openai).has_openai
    return Probe("P9 no model elsewhere", MODEL_S, partial(_worded, provider="local", degraded=expected))


async def _words(run: Run) -> None:
    """A guest's question is answered by the model, from the hotel's entry. Raises Broken."""
    await _worded(run, provider="openai", degraded=False)


async def _worded(run: Run, *, provider: str, degraded: bool) -> None:
    """A guest's question is answered by that provider, from the hotel's entry. Raises Broken."""
    with run.ground.owner.begin() as connection:
        connection.execute(_ALLOW, {"id": run.ground.hotel_id, "outside": WITH_EXTERNAL})
    entry = await written(run)
    inside = (await shown(run, token_of(await made(run)))).must(200)
    guest = str(inside.value("access_token"))
    answered = await said(run, guest, await opened(run, guest), QUESTION)
    answered.must(201, reply__role="assistant", reply__provider=provider, reply__degraded=degraded)
    if entry not in [cited.get("entry_id") for cited in answered.value("reply.citations")]:
        raise Broken(f"{answered.request}: the answer does not cite the hotel's entry")
