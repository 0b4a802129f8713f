"""The checks for which `tests.services.faults` plants nothing, and why; their own tests judge made facts."""

from collections.abc import Mapping

_SERVES = "it asks a release that serves, so a fault takes a deployment of its own"
_BUILT = "it asks a built and installed artifact, which takes a minute and the network for each fault"
_LIVE = "it asks the live database of the environment"
_SPEED = "it asks figures of a load on a running release, which the machine of the tests decides"
_ELSEWHERE = "it asks a service of somebody else"
_DEPLOY = "it is asked before a deploy only"
_FORMER = "it compares with the last release, and there is none"
_SANDBOX = "it asks an instance that is started for it, from a built and installed artifact"
_IMAGE = "it asks a container engine for an image that was built, and its own tests build some with faults"

WITHOUT: Mapping[str, str] = {
    "ENV030": "a contract that cannot be read ends the command with 2 before any check is asked",
    "TST004": _FORMER,
    "TST005": "it reads a coverage report, which the tests of the project do not write",
    "TST006": _FORMER,
    "TST007": "the tests of the project never try a test twice",
    "TST008": "a result is older than its commit only where another run left it",
    "TST009": "how long tests take is the machine's to decide",
    "DB005": "no migration of plain SQL can be taken back, and the project has no others",
    "DB010": "it asks rows of a live database, which takes one that was migrated and filled",
    "DB011": _SERVES,
    "DB015": "it asks live tables of ten thousand rows and more, and how fast the machine is",
    "DB012": "it asks which statements the serving release keeps, so a fault takes a deployment of its own",
    "DB014": "files of SQL are transactions, and only what no transaction holds leaves an index invalid",
    "EXT007": _ELSEWHERE,
    "OPS009": _DEPLOY,
    "OPS012": "it tells of waivers that are used, which takes a second fault to be waived",
    "OPS014": _DEPLOY,
    "OPS017": "it asks a database of its own for the room that it has",
    "SEC010": "it asks a data base of advisories on another machine",
    "SEC022": "it asks the public address of a release for its certificate",
    **dict.fromkeys(("DB001", "DB016", "DB017", "DB018", "DB019"), _LIVE),
    **dict.fromkeys(("DB002", "DB003", "DB004", "SEC012"), _BUILT),
    **dict.fromkeys(("BLD001", "BLD003", "BLD004", "BLD005", "BLD006", "BLD007", "BLD008", "BLD009"), _BUILT),
    **dict.fromkeys(("BLD011", "BLD014", "BLD015", "BLD016", "BLD017", "BLD018", "BLD019"), _BUILT),
    **dict.fromkeys((f"DKR{n:03}" for n in range(20, 31)), _IMAGE),
    **dict.fromkeys(("EXT001", "EXT002", "EXT003", "EXT004", "EXT005"), _ELSEWHERE),
    **dict.fromkeys(("EXT006", "EXT008", "SEC017", "SEC018", "SEC021"), _SANDBOX),
    **dict.fromkeys(
        ("BLD010", "OPS005", "OPS006", "OPS007", "OPS008", "OPS011", "OPS013", "OPS016", "PRF008"), _SERVES
    ),
    **dict.fromkeys(("SEC013", "SEC014", "SEC015", "SEC016", "SEC019", "SEC020"), _SANDBOX),
    **dict.fromkeys((f"PRF{n:03}" for n in (1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12)), _SPEED),
}
