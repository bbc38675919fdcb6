"""django-helpdesk's own REST service on loopback, in an environment of its own: helpdesk_server.py <folder> <port>.

Run by that environment's Python: its database is made, with one agent and one queue, and nothing sends mail.
"""

import os
import sys
from wsgiref.simple_server import WSGIRequestHandler, make_server

APPS = ["admin", "auth", "contenttypes", "sessions", "messages", "sites", "humanize"]
MIDDLEWARE = ["sessions.middleware.SessionMiddleware", "auth.middleware.AuthenticationMiddleware",
              "messages.middleware.MessageMiddleware"]  # fmt: skip
PROCESSORS = ["auth.context_processors.auth", "messages.context_processors.messages"]
urlpatterns: list[object] = []


class Quiet(WSGIRequestHandler):
    def log_message(self, *_):
        """Nobody reads it."""


def configure(folder: str) -> None:
    from django.conf import settings

    templates = {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": [f"django.contrib.{name}" for name in PROCESSORS]},
    }
    settings.configure(
        SECRET_KEY=os.urandom(20).hex(),
        ALLOWED_HOSTS=["127.0.0.1"],
        ROOT_URLCONF="__main__",
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": f"{folder}/helpdesk.sqlite"}},
        INSTALLED_APPS=[*(f"django.contrib.{name}" for name in APPS), "rest_framework", "helpdesk"],
        MIDDLEWARE=[f"django.contrib.{name}" for name in MIDDLEWARE],
        TEMPLATES=[templates],
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        STATIC_URL="static/",
        SITE_ID=1,
        USE_TZ=True,
        EMAIL_BACKEND="django.core.mail.backends.dummy.EmailBackend",
        HELPDESK_ACTIVATE_API_ENDPOINT=True,
        HELPDESK_TEAMS_MODE_ENABLED=False,
        REST_FRAMEWORK={
            "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.BasicAuthentication"]
        },
    )


def main(folder: str, port: str) -> None:
    configure(folder)
    import django

    django.setup()
    from django.contrib.auth import get_user_model
    from django.core.management import call_command
    from django.core.wsgi import get_wsgi_application
    from django.urls import include, path
    from helpdesk.models import Queue

    urlpatterns.append(path("helpdesk/", include("helpdesk.urls", namespace="helpdesk")))
    call_command("migrate", verbosity=0)
    get_user_model().objects.create_superuser("agent", "agent@example.com", "agentpw")
    Queue.objects.create(title="Service", slug="service")
    make_server("127.0.0.1", int(port), get_wsgi_application(), handler_class=Quiet).serve_forever()


if __name__ == "__main__":
    main(*sys.argv[1:])
