"""One metadata for all tables, and the column types that behave alike on both databases."""

from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, ColumnElement, DateTime, Dialect, Integer, MetaData, Uuid, any_, cast
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, InstrumentedAttribute
from sqlalchemy.types import JSON, TypeDecorator, TypeEngine
from uuid_utils.compat import uuid7

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


class Instant(TypeDecorator[datetime]):
    """An aware instant; read back in UTC.

    `timestamptz` on PostgreSQL. SQLite drops offsets silently, so there it is whole
    microseconds since 1970, which also sort and compare. A naive datetime raises ValueError.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "sqlite":
            return dialect.type_descriptor(BigInteger())
        return dialect.type_descriptor(DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive datetime: {value!r}")
        return (value - EPOCH) // MICROSECOND if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if dialect.name == "sqlite":
            return EPOCH + timedelta(microseconds=value)
        if value.tzinfo is UTC:  # as our own connections ask for it
            return value  # type: ignore[no-any-return]  # the driver's own type is Any here
        return value.astimezone(UTC)  # type: ignore[no-any-return]  # the driver's own type is Any here


def among(column: InstrumentedAttribute[int], numbers: Collection[int], dialect: Dialect) -> ColumnElement[bool]:
    """Whether it is one of many numbers. PostgreSQL takes them as one array: thousands of parameters would take
    longer to write than their rows to read."""
    if dialect.name == "postgresql":
        return column == any_(cast(list(numbers), ARRAY(Integer)))
    return column.in_(numbers)


def new_id(at: datetime | None = None) -> UUID:
    """A time-ordered id (RFC 9562, version 7): new rows land side by side in an index. `at`: the time it tells."""
    fresh = uuid7()
    if at is None:
        return fresh
    milliseconds = (at - EPOCH) // timedelta(milliseconds=1)
    return UUID(int=milliseconds << 80 | fresh.int & (1 << 80) - 1)


Document = JSON().with_variant(JSONB(), "postgresql")


class Base(DeclarativeBase):
    """All three packages put their tables here: one database, one history of migrations."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_N_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: Instant(),
        UUID: Uuid(),
        dict[str, Any]: Document,
        list[Any]: Document,
    }
