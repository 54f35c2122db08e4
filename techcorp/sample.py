"""Sample data: the same rows on every machine, for every entity that TechCorp knows.

A value is derived from a hash of its entity, row and field, so no state and no random generator is
involved. A few rows are faulty on purpose: the quality checks have something to find.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

Row = dict[str, Any]
Field = Callable[[str, int], Any]

FIRST_NAMES = (
    "Ada",
    "Björn",
    "Chloé",
    "Dmitri",
    "Esra",
    "Fatima",
    "Grace",
    "Hiro",
    "Inês",
    "Jonas",
)
LAST_NAMES = ("Okafor", "Müller", "O'Brien", "Garcia", "Nguyen", "Rossi", "Silva", "Khan", "Novák")
COUNTRIES = ("DE", "FR", "US", "BR", "JP", "IN", "NG")
CURRENCIES = ("EUR", "USD", "JPY", "BRL")
FIRST_DAY = date(2025, 1, 1)
FAULTY_EVERY = 40


def number(seed: str, below: int) -> int:
    """Derive a whole number from 0 to `below` - 1 from a seed, evenly and for ever the same."""
    return int.from_bytes(hashlib.sha256(seed.encode()).digest()[:8], "big") % below


def _pick(*choices: str) -> Field:
    return lambda seed, _: choices[number(seed, len(choices))]


def _amount(below: int) -> Field:
    return lambda seed, _: f"{number(seed, below * 100) / 100:.2f}"


def _count(below: int) -> Field:
    return lambda seed, _: number(seed, below) + 1


def _reference(rows: int) -> Field:
    return lambda seed, _: number(seed, rows) + 1


def _day(seed: str, _: int) -> str:
    return (FIRST_DAY + timedelta(days=number(seed, 365))).isoformat()


def _name(seed: str, _: int) -> str:
    first = FIRST_NAMES[number(seed + "1", len(FIRST_NAMES))]
    return f"  {first} {LAST_NAMES[number(seed + '2', len(LAST_NAMES))]} "


def _email(seed: str, row: int) -> str | None:
    if row % FAULTY_EVERY == FAULTY_EVERY - 1:
        return None
    return f"{FIRST_NAMES[number(seed, 3)]}.{row}@Example.com"


def _churned(seed: str, _: int) -> int:
    """Decide by what the row's other fields are, with some noise: something can be learned."""
    row = seed.rsplit("/", 1)[0]
    activity = number(f"{row}/logins", 30) - 3 * number(f"{row}/tickets", 8)
    return int(activity + number(f"{row}/noise", 9) < 8)


def _title(*words: str) -> Field:
    return lambda seed, row: f"{words[number(seed, len(words))]} {row}"


ENTITIES: dict[str, tuple[int, dict[str, Field]]] = {
    "customers": (
        200,
        {"name": _name, "email": _email, "country": _pick(*COUNTRIES), "created_on": _day},
    ),
    "orders": (
        500,
        {
            "customer_id": _reference(200),
            "product_id": _reference(80),
            "quantity": _count(9),
            "amount": _amount(5000),
            "status": _pick("new", "paid", "shipped", "cancelled"),
            "ordered_on": _day,
        },
    ),
    "products": (
        80,
        {
            "title": _title("Seat", "Add-on", "Support plan"),
            "price": _amount(900),
            "added_on": _day,
        },
    ),
    "accounts": (
        120,
        {"owner_id": _reference(200), "plan": _pick("free", "team", "scale"), "opened_on": _day},
    ),
    "subscriptions": (
        150,
        {
            "account_id": _reference(120),
            "plan": _pick("free", "team", "scale"),
            "monthly_price": _amount(400),
            "started_on": _day,
        },
    ),
    "invoices": (
        300,
        {
            "account_id": _reference(120),
            "amount": _amount(2000),
            "currency": _pick(*CURRENCIES),
            "issued_on": _day,
        },
    ),
    "payments": (
        280,
        {
            "invoice_id": _reference(300),
            "amount": _amount(2000),
            "method": _pick("card", "sepa", "wire"),
            "paid_on": _day,
        },
    ),
    "refunds": (
        30,
        {
            "payment_id": _reference(280),
            "amount": _amount(300),
            "reason": _pick("error", "churn"),
            "refunded_on": _day,
        },
    ),
    "leads": (
        180,
        {"name": _name, "email": _email, "channel": _pick("ads", "web", "event"), "seen_on": _day},
    ),
    "opportunities": (
        90,
        {
            "lead_id": _reference(180),
            "amount": _amount(50000),
            "stage": _pick("open", "won", "lost"),
            "opened_on": _day,
        },
    ),
    "contracts": (
        60,
        {"account_id": _reference(120), "amount": _amount(90000), "signed_on": _day},
    ),
    "support_tickets": (
        240,
        {
            "customer_id": _reference(200),
            "priority": _pick("low", "normal", "high"),
            "subject": _title("Login", "Billing", "Export"),
            "opened_on": _day,
        },
    ),
    "ticket_comments": (
        400,
        {"ticket_id": _reference(240), "author": _name, "written_on": _day},
    ),
    "users": (
        260,
        {"account_id": _reference(120), "name": _name, "email": _email, "joined_on": _day},
    ),
    "sessions": (
        600,
        {"user_id": _reference(260), "seconds": _count(7200), "started_on": _day},
    ),
    "page_views": (
        800,
        {"session_id": _reference(600), "page": _pick("/", "/pricing", "/docs"), "seen_on": _day},
    ),
    "feature_usage": (
        450,
        {
            "user_id": _reference(260),
            "feature": _pick("export", "search", "share"),
            "uses": _count(50),
            "used_on": _day,
        },
    ),
    "campaigns": (
        25,
        {"title": _title("Spring", "Launch"), "budget": _amount(20000), "started_on": _day},
    ),
    "email_sends": (
        500,
        {"campaign_id": _reference(25), "email": _email, "sent_on": _day},
    ),
    "employees": (
        70,
        {"name": _name, "email": _email, "team": _pick("data", "sales", "core"), "hired_on": _day},
    ),
    "vendors": (
        40,
        {"name": _name, "country": _pick(*COUNTRIES), "since": _day},
    ),
    "inventory": (
        80,
        {"product_id": _reference(80), "stock": _count(500), "counted_on": _day},
    ),
    "shipments": (
        320,
        {
            "order_id": _reference(500),
            "carrier": _pick("DHL", "UPS", "GLS"),
            "country": _pick(*COUNTRIES),
            "shipped_on": _day,
        },
    ),
    "account_activity": (
        600,
        {"logins": _count(30), "tickets": _count(8), "seats": _count(50), "churned": _churned},
    ),
    "exchange_rates": (
        120,
        {"currency": _pick(*CURRENCIES), "rate": _amount(3), "quoted_on": _day},
    ),
}


def rows(entity: str) -> list[Row]:
    """Make an entity's rows, `id` first, in order of id; raises KeyError for an unknown entity."""
    count, fields = ENTITIES[entity]
    return [
        {
            "id": row + 1,
            **{name: make(f"{entity}/{row}/{name}", row) for name, make in fields.items()},
        }
        for row in range(count)
    ]
