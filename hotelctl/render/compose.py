"""A compose file for people who run the image without hotelctl."""

import json
from collections.abc import Iterator

from hotelctl.config.service import ServiceSpec
from hotelctl.config.template import fill
from hotelctl.facts.env_contract import EnvContract

_PROFILE = "production"
_USUAL_PORT = 8080
_PORT = "PORT"
_INSIDE = "{venv}/bin/"
_MIGRATE, _PREPARE = "migrate", "prepare"
_OWNER = "OWNER_DATABASE_URL"


def compose_text(
    spec: ServiceSpec, contract: EnvContract | None, image: str, title: str, exposed: int | None = None
) -> str:
    """The whole file; `image` is what is run unless the variable IMAGE says otherwise.

    It listens on the port that the service file says, else on that of the contract, else on `exposed`, the
    Dockerfile's own; where none is said the file tells that its port is a guess.

    No secret stands in it: what the contract requires is taken from the environment or from `.env`, and what
    is missing there is refused by name.

    Raises:
        UsageError: `[run.env]` or a command names something that a container does not have.

    """
    said = spec.docker.port or _declared(contract) or exposed
    services = _Services(spec, contract, image, said or _USUAL_PORT)
    return "\n".join((*_head(spec, title, said), *services.lines(), *_volumes(spec))) + "\n"


def _declared(contract: EnvContract | None) -> int | None:
    rule = contract.keys.get(_PORT) if contract else None
    return int(rule.default) if rule and rule.default and rule.default.isdecimal() else None


def _head(spec: ServiceSpec, title: str, port: int | None) -> Iterator[str]:
    yield f"# {title}: written by `hotelctl docker compose`, for a machine that runs it without hotelctl."
    yield "# Values come from the environment or from .env beside this file; none of them belongs in here."
    yield "# It has no switch without a gap, no backup, no proof and no way back: hotelctl deploy has these."
    if port is None:
        yield f"# Nothing tells the port that it listens on: {_USUAL_PORT} is a guess; [docker] port says."
    if spec.migrations and not spec.migrations.command:
        kind = spec.migrations.kind
        yield f"# hotelctl applies migrations of kind {kind}: bring the database up to date before."
    yield ""


class _Services:
    """The services: the migration, what prepares the state, and the one that runs."""

    def __init__(self, spec: ServiceSpec, contract: EnvContract | None, image: str, port: int) -> None:
        """Nothing is written yet."""
        self._spec = spec
        self._image = image
        self._state = spec.docker.state
        self._port = port
        self._values = {
            "state": self._state,
            "port": str(self._port),
            "environment": "${ENVIRONMENT:-production}",
            "public_url": "${PUBLIC_URL:?the address under which people reach it}",
        }
        self._env = dict(self._variables(contract))

    def lines(self) -> Iterator[str]:
        """All of them."""
        spec = self._spec
        waits: list[str] = []
        yield from self._common()
        yield "services:"
        if spec.migrations and spec.migrations.command:
            yield from self._once(_MIGRATE, spec.migrations.command, owner=True)
            waits.append(_MIGRATE)
        for number, argv in enumerate(spec.run_.prepare if spec.run_ else (), 1):
            name = _PREPARE if number == 1 else f"{_PREPARE}-{number}"
            yield from self._once(name, argv, waits=tuple(waits))
            waits.append(name)
        yield from self._serving(tuple(waits))

    def _once(
        self, name: str, argv: tuple[str, ...], *, owner: bool = False, waits: tuple[str, ...] = ()
    ) -> Iterator[str]:
        """One that ends by itself, before what runs is started."""
        yield f"  {name}:"
        yield "    <<: *container"
        if owner and (database := self._spec.database) and database.runtime_role:
            yield "    environment:"
            yield "      <<: *variables"
            asked = "the URL of the database's owner, for migrations"
            yield f"      {database.url_env}: {json.dumps(f'${{{_OWNER}:?{asked}}}')}"
        words = (fill(word.removeprefix(_INSIDE), self._values, name) for word in argv)
        yield f"    command: {_flow([*words])}"
        # It is no server: nobody is to ask it for its health.
        yield "    healthcheck: {disable: true}"
        yield '    restart: "no"'
        yield from _depends(waits)
        yield ""

    def _serving(self, waits: tuple[str, ...]) -> Iterator[str]:
        spec = self._spec
        yield f"  {spec.service.name}:"
        yield "    <<: *container"
        yield f'    ports: ["${{BIND:-127.0.0.1}}:${{PORT:-{self._port}}}:{self._port}"]'
        # What is asked stands in the image.
        yield "    healthcheck: {interval: 10s, timeout: 3s, retries: 3, start_period: 30s}"
        if spec.run_:
            yield f"    stop_grace_period: {round(spec.run_.stop_timeout_s)}s"
        yield "    restart: unless-stopped"
        yield from _depends(waits)
        yield ""

    def _common(self) -> Iterator[str]:
        """What all of them have."""
        yield "x-variables: &variables"
        for key, value in sorted(self._env.items()):
            yield f"  {key}:{'' if value is None else f' {json.dumps(value, ensure_ascii=False)}'}"
        yield ""
        yield "x-container: &container"
        yield f"  image: {json.dumps(f'${{IMAGE:-{self._image}}}')}"
        yield "  environment: *variables"
        yield f"  volumes: [{json.dumps(f'state:{self._state}')}]"
        yield "  tmpfs: [/tmp]"
        yield "  read_only: true"
        yield "  cap_drop: [ALL]"
        yield '  security_opt: ["no-new-privileges:true"]'
        yield ""

    def _variables(self, contract: EnvContract | None) -> Iterator[tuple[str, str | None]]:
        """Each variable with what compose fills in; None for one that is passed on where it is set."""
        keys = contract.keys if contract else {}
        for key, rule in keys.items():
            required = _PROFILE in rule.required
            # Outside it is where people come in, which the container need not listen on.
            own = str(self._port) if key == _PORT else None
            yield key, own or (f"${{{key}:?see the contract}}" if required else None)
        database = self._spec.database
        if database is not None:
            role = f" of the role {database.runtime_role}" if database.runtime_role else ""
            yield database.url_env, f"${{{database.url_env}:?the URL of the database{role}}}"
        for key, text in self._spec.variables.items():
            yield key, fill(text.replace("$", "$$"), self._values, f"run.env.{key}")


def _depends(names: tuple[str, ...]) -> Iterator[str]:
    if names:
        yield "    depends_on:"
        for name in names:
            yield f"      {name}: {{condition: service_completed_successfully}}"


def _volumes(spec: ServiceSpec) -> Iterator[str]:
    yield "volumes:"
    yield f"  # A new volume takes over whose {spec.docker.state} is in the image: it is to be its user's."
    yield "  state: {}"


def _flow(words: list[str]) -> str:
    return json.dumps(words, ensure_ascii=False)
