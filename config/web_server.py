"""How gunicorn serves the portal, here and in production: `gunicorn -c python:config.web_server config.wsgi`."""

import os

bind = [f"127.0.0.1:{os.environ.get('PORT', '8000')}"]
workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = 4
timeout = 120
max_requests = 5000
max_requests_jitter = 500
logger_class = "config.logs.WebLogger"
control_socket_disable = True  # signals are enough; no door that nobody uses
