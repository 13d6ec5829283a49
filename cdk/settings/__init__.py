"""The environments, one file each: the only place with numbers."""

from settings.dev import DEV
from settings.model import Settings
from settings.prod import PROD

ENVIRONMENTS: dict[str, Settings] = {settings.name: settings for settings in (DEV, PROD)}
