"""The order that every load sends, and the databases that every measurement starts from."""

import base64
import json
import os
import shutil
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from parry_outside.api import Api
from parry_outside.server import Partner, Server
from parry_outside.world import World, make_world

from .figures import BenchError

MARKS = {
    "number": "770770770770",
    "amount": "6389",
    "last4": "5153",
    "code": "919273",
    "arn": "78484848484848484848484",
}
"""What stands for each {token} in the order that becomes the template of the raw program."""

OPTIONS = ("--rate-limit", "0")
DURABLE = "synchronous FULL, WAL, foreign keys on"


def order_text(world: World) -> str:
    """The guide's COMPLETE order with {tokens} where values differ from order to order."""
    order = {
        "type": "COMPLETE",
        "organisation_id": world.organisation_id,
        "integration_id": world.integration_id,
        "reference_id": "order-{number}",
        "order_datetime": "2026-02-17T09:59:00Z",
        "order_number": "AF-{number}",
        "order_subtotal_amount_in_cents": "{amount}",
        "order_currency": "USD",
        "order_total_amount_in_cents": "{amount}",
        "order_status": "CLOSED_COMPLETE",
        "customer_email": "casey.jordan@example.com",
        "transactions": [
            {
                "reference_id": "txn-{number}",
                "amount_in_cents": "{amount}",
                "currency": "USD",
                "payment_method_type": "CARD",
                "authorisation_status": "SETTLED",
                "payment_method_reference_id": "pay_{number}",
                "authorised_at": "2026-02-17T09:59:05Z",
                "descriptor": "ACMEFIT MONTHLY",
                "payment_method_card_brand": "VISA",
                "payment_method_card_last_4": "{last4}",
                "payment_method_card_bin": "424242",
                "authorisation_code": "{code}",
                "acquirer_reference_number": "{arn}",
            }
        ],
    }
    return json.dumps(order, separators=(",", ":")).replace('"{amount}"', "{amount}")


def fill(text: str, values: dict[str, str]) -> str:
    for name, value in values.items():
        text = text.replace("{" + name + "}", value)
    return text


@dataclass(frozen=True)
class Base:
    """What stands before anything is measured: one TEST partner with one customer, no orders."""

    folder: Path
    partner: Partner
    world: World
    environment: dict[str, str]

    @property
    def database(self) -> Path:
        """Migrated by parry, with the customer and without orders."""
        return self.folder / "empty.db"

    @property
    def template(self) -> Path:
        """The same with one order, stored by parry."""
        return self.folder / "template.db"

    @property
    def order_file(self) -> Path:
        return self.folder / "order.json"

    def server(self, folder: Path, *options: str) -> Server:
        """A server on the database `parry.db` of the folder, which is empty when there is none."""
        server = Server(folder, *OPTIONS, *options, environment=self.environment)
        if not server.database.exists():
            copy_database(self.database, server.database)
        return server


def make_base(folder: Path) -> Base:
    folder.mkdir()
    environment = {"PARRY_MASTER_KEY": base64.b64encode(os.urandom(32)).decode()}
    with Server(folder, *OPTIONS, environment=environment) as server:
        server.start()
        partner = server.create_partner("Bench")
        with Api(server.base, partner.api_key) as api:
            world = make_world(api)
            base = Base(folder, partner, world, environment)
            base.order_file.write_text(order_text(world))
            body = f"[{fill(order_text(world), MARKS)}]".encode()
            answer = api.send("POST", "/v1/orders", body)
            if answer.status != 201 or answer.json()["created"] != 1:
                raise BenchError(f"the sample order is refused: {answer.status} {answer.body!r}")
        server.stop()
        copy_database(server.database, base.template)
        copy_database(server.database, base.database)
    with open_database(base.database) as database:
        database.execute("DELETE FROM order_transaction")
        database.execute('DELETE FROM "order"')
    check_marks(base.template)
    return base


def check_marks(template: Path):
    """Digits that stand for something must not also stand elsewhere, say inside an id."""
    with open_database(template) as database:
        rows = [*database.execute('SELECT * FROM "order"')]
        rows += database.execute("SELECT * FROM order_transaction")
    check_marks_in("\n".join(value for row in rows for value in row if isinstance(value, str)))


def check_marks_in(text: str):
    """The same for the texts of the two rows."""
    wanted = {"number": 6, "amount": 3, "last4": 2, "code": 2, "arn": 2}
    found = {name: text.count(mark) for name, mark in MARKS.items()}
    if found != wanted:
        raise BenchError(f"the stored sample has its marks {found} times, not {wanted}")


class open_database:
    """A plain connection that is closed at the end, which also empties the write-ahead log."""

    def __init__(self, path: Path):
        self._connection = sqlite3.connect(path, isolation_level=None, timeout=30)

    def __enter__(self) -> sqlite3.Connection:
        return self._connection

    def __exit__(self, *_):
        self._connection.close()


def copy_database(source: Path, destination: Path):
    """Copies a database that nobody has open."""
    if source.with_name(source.name + "-wal").exists():
        raise BenchError(f"{source.name} is still in use")
    destination.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, destination)


def count_orders(path: Path) -> int:
    """How many orders there are; each must have its one transaction."""
    with open_database(path) as database:
        orders = database.execute('SELECT count(*) FROM "order"').fetchone()[0]
        transactions = database.execute("SELECT count(*) FROM order_transaction").fetchone()[0]
    if orders != transactions:
        raise BenchError(f"{orders} orders have {transactions} transactions")
    return orders


def order_shape(path: Path, first: int) -> list[tuple]:
    """Type and length of everything that is stored for an order, one numbered `first` or more."""
    reference = f"order-{first:0{len(MARKS['number'])}}"
    order = 'SELECT * FROM "order" WHERE reference_id >= ? ORDER BY reference_id LIMIT 1'
    transaction = "SELECT * FROM order_transaction WHERE order_id = ?"
    with open_database(path) as database:
        rows = _named_rows(database, order, reference)
        if rows:
            rows += _named_rows(database, transaction, rows[0]["id"])
    if len(rows) != 2:
        raise BenchError(f"{path.name} has no {reference} with one transaction")
    return [
        (name, type(value).__name__, len(str(value))) for row in rows for name, value in row.items()
    ]


def _named_rows(database: sqlite3.Connection, statement: str, argument: str) -> list[dict]:
    cursor = database.execute(statement, (argument,))
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row)) for row in cursor]
