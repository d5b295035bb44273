"""Settings: read once, checked, every problem named."""

import stat
from pathlib import Path

import pytest

from booking.settings import Environment, Settings, SettingsError


def read(root: Path, **environ: str) -> Settings:
    return Settings.from_environment(environ, root=root)


def problems(root: Path, **environ: str) -> str:
    with pytest.raises(SettingsError) as caught:
        read(root, **environ)
    return str(caught.value)


def test_nothing_needs_to_be_set_locally(tmp_path: Path) -> None:
    settings = read(tmp_path)

    assert settings.environment is Environment.LOCAL
    assert settings.database_url == f"sqlite:///{tmp_path}/instance/emerge.db"
    assert (settings.port, settings.base_url, settings.web_concurrency) == (8000, "http://localhost:8000", 1)


def test_the_local_secret_is_made_once_and_is_the_owners_alone(tmp_path: Path) -> None:
    first, second = read(tmp_path), read(tmp_path)

    assert first.secret_key == second.secret_key
    assert len(first.secret_key) >= 32
    assert stat.S_IMODE((tmp_path / "instance" / "secret-key").stat().st_mode) == 0o600


def test_production_wants_its_own_secret(tmp_path: Path) -> None:
    assert "SECRET_KEY must be set" in problems(tmp_path, ENVIRONMENT="production")
    assert not (tmp_path / "instance").exists()
    assert read(tmp_path, ENVIRONMENT="production", SECRET_KEY="x" * 40).is_production


def test_every_value_may_come_from_a_file(tmp_path: Path) -> None:
    secret = tmp_path / "mounted"
    secret.write_text("from-a-file\n")

    assert read(tmp_path, SECRET_KEY_FILE=str(secret)).secret_key == "from-a-file"
    assert "keep one of them" in problems(tmp_path, SECRET_KEY_FILE=str(secret), SECRET_KEY="x")
    assert "cannot be read" in problems(tmp_path, SECRET_KEY_FILE=str(tmp_path / "none"))


def test_an_empty_value_is_not_set(tmp_path: Path) -> None:
    assert read(tmp_path, PORT="", MAIL_URL=" ", REDIS_URL="").port == 8000


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "mysql://root:secret@host/db"),
        ("DATABASE_URL", "sqlite://"),
        ("DATABASE_URL", "emerge.db"),
        ("PORT", "0"),
        ("PORT", "65536"),
        ("PORT", "eight thousand"),
        ("PORT", "٣"),
        ("ENVIRONMENT", "staging"),
        ("BASE_URL", "booking.example.org"),
        ("BASE_URL", "ftp://booking.example.org"),
        ("MAIL_URL", "http://mail"),
        ("REDIS_URL", "localhost"),
        ("LOG_LEVEL", "chatty"),
        ("WEB_CONCURRENCY", "0"),
        ("ROAD_FACTOR", "0.9"),
        ("ROAD_FACTOR", "nan"),
        ("ROAD_FACTOR", "1,3"),
        ("ROAD_KM_PER_HOUR", "0"),
        ("ROAD_KM_PER_HOUR", "inf"),
        ("FETCH_ALLOW", "10.0.0.0/8,anything"),
        ("FETCH_ALLOW", "localhost"),
    ],
)
def test_what_cannot_be_used_is_named(tmp_path: Path, name: str, value: str) -> None:
    assert problems(tmp_path, **{name: value}).startswith(name)


def test_all_problems_are_named_at_once(tmp_path: Path) -> None:
    words = problems(tmp_path, PORT="x", LOG_LEVEL="x", ENVIRONMENT="x")

    assert len(words.splitlines()) == 3


def test_passwords_are_neither_repeated_nor_printed(tmp_path: Path) -> None:
    assert "secret" not in problems(tmp_path, DATABASE_URL="mysql://root:secret@host/db")
    settings = read(
        tmp_path, DATABASE_URL="postgresql://u:hidden@host/db", SECRET_KEY="hidden", MAIL_URL="smtp://u:hidden@h"
    )
    assert "hidden" not in repr(settings)


def test_the_usual_spellings_of_addresses_are_understood(tmp_path: Path) -> None:
    assert read(tmp_path, DATABASE_URL="postgres://h/db").database_url == "postgresql://h/db"
    assert read(tmp_path, BASE_URL="https://b.example.org/").base_url == "https://b.example.org"
    assert read(tmp_path, FETCH_ALLOW="localhost:8080, 10.0.0.0/8").fetch_allow == ("localhost:8080", "10.0.0.0/8")


def test_roads_are_a_setting_of_the_deployment(tmp_path: Path) -> None:
    usual, chosen = read(tmp_path).roads, read(tmp_path, ROAD_FACTOR="1.5", ROAD_KM_PER_HOUR="50").roads

    assert (usual.kilometres(100), usual.minutes(70)) == (130.0, 78)
    assert (chosen.kilometres(100), chosen.minutes(100)) == (150.0, 180)
