"""One of three services in Flask: SERVICE_NAME says which. Traced as OpenTelemetry's own guide for Python has it."""

import os
import random
import time

import requests
from flask import Flask, jsonify
from opentelemetry import trace
from opentelemetry.instrumentation.flask import FlaskInstrumentor
from opentelemetry.instrumentation.requests import RequestsInstrumentor
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

NAME = os.environ["SERVICE_NAME"]
TABLES = {
    "users": [{"id": 1, "name": "Ines"}, {"id": 2, "name": "Jonas"}],
    "orders": [{"id": 1, "user_id": 2, "total": 12.5}],
    "products": [{"id": 1, "name": "Map", "price": 7.9}],
}


def exporter():
    """The exporter that OTEL_EXPORTER_OTLP_PROTOCOL names."""
    if os.environ.get("OTEL_EXPORTER_OTLP_PROTOCOL") == "grpc":
        from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
    else:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    return OTLPSpanExporter()


provider = TracerProvider(resource=Resource.create({"service.name": NAME}))
provider.add_span_processor(BatchSpanProcessor(exporter()))
trace.set_tracer_provider(provider)
tracer = trace.get_tracer(__name__)

app = Flask(NAME)
FlaskInstrumentor().instrument_app(app)
RequestsInstrumentor().instrument()


@app.get("/health")
def health():
    return jsonify(status="healthy", service=NAME)


def ask(url):
    answer = requests.get(url, timeout=10)
    answer.raise_for_status()
    return answer.json()


if NAME == "frontend":

    @app.get("/api/<table>")
    def page(table):
        return jsonify(source=NAME, data=ask(f"{os.environ['BACKEND_URL']}/{table}"))

elif NAME == "backend":

    @app.get("/<table>")
    def rows(table):
        with tracer.start_as_current_span(f"validate_{table}"):
            time.sleep(random.uniform(0.005, 0.02))
        found = ask(f"{os.environ['DATABASE_SERVICE_URL']}/db/{table}")[table]
        return jsonify(source=NAME, count=len(found), data=found)

else:

    @app.get("/db/<table>")
    def query(table):
        with tracer.start_as_current_span(f"query_{table}", kind=trace.SpanKind.CLIENT) as span:
            span.set_attribute("db.system.name", "postgresql")
            span.set_attribute("db.operation.name", "SELECT")
            span.set_attribute("db.collection.name", table)
            time.sleep(random.uniform(0.01, 0.05))
            found = TABLES[table]
            span.set_attribute("db.response.returned_rows", len(found))
        return jsonify({"source": NAME, "table": table, table: found})


if __name__ == "__main__":
    app.run(host="127.0.0.1", port=int(os.environ["PORT"]), threaded=True)
