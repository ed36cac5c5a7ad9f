// Sends one trace with everything a span can hold, by OpenTelemetry's SDK for Go, over gRPC or HTTP
// (OTEL_EXPORTER_OTLP_PROTOCOL), and prints its id.
package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracegrpc"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/sdk/resource"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

func newExporter(ctx context.Context) (*otlptrace.Exporter, error) {
	if os.Getenv("OTEL_EXPORTER_OTLP_PROTOCOL") == "grpc" {
		return otlptracegrpc.New(ctx)
	}
	return otlptracehttp.New(ctx)
}

func main() {
	ctx := context.Background()
	exporter, err := newExporter(ctx)
	if err != nil {
		log.Fatal(err)
	}
	service := resource.NewSchemaless(attribute.String("service.name", "go-service"))
	provider := sdk.NewTracerProvider(sdk.WithBatcher(exporter), sdk.WithResource(service))
	tracer := provider.Tracer("interop", trace.WithInstrumentationVersion("1.2.3"))

	ctx, root := tracer.Start(ctx, "GET /go", trace.WithSpanKind(trace.SpanKindServer))
	root.SetAttributes(
		attribute.String("text", "größer"), attribute.Bool("yes", true), attribute.Int64("least", -1<<63),
		attribute.Float64("ratio", 0.25), attribute.StringSlice("list", []string{"a", ""}))
	_, child := tracer.Start(ctx, "SELECT things", trace.WithSpanKind(trace.SpanKindClient),
		trace.WithLinks(trace.Link{SpanContext: root.SpanContext(), Attributes: []attribute.KeyValue{attribute.Int("n", 7)}}))
	child.RecordError(errors.New("no such table"))
	child.SetStatus(codes.Error, "query failed")
	child.End()
	root.AddEvent("rendered", trace.WithAttributes(attribute.Int("bytes", 1234)))
	root.End()
	if err := provider.Shutdown(ctx); err != nil {
		log.Fatal(err)
	}
	fmt.Println(root.SpanContext().TraceID())
}
