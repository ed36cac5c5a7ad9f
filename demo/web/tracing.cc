#include "web/tracing.h"

#include <spoor/http_beast.h>

namespace web {

namespace trace = spoor::trace;

Wrapper TraceRequests(trace::Tracer tracer) {
  return [tracer](const Request& request, const Handler& next) {
    trace::HttpServerSpan span = trace::ServerSpanOf(tracer, request.message, request.peer_address, request.peer_port);
    if (!request.route.empty()) span.SetRoute(request.route);
    Response response = next(request);
    span.SetStatus(response.status);
    return response;
  };
}

CallWrapper TraceCalls(trace::Tracer tracer) {
  return [tracer](Call& call, const Caller& next) {
    trace::BeastHeaderWriter headers(call.message);
    trace::HttpClientSpan span(tracer, trace::FactsOf(call.message, call.host, call.port), headers);
    Answer answer = next(call);
    if (answer.status != 0) {
      span.SetStatus(answer.status);
    } else {
      span.SetFailure(answer.error == "timeout" ? "timeout" : "connection_error", answer.error);
    }
    return answer;
  };
}

}  // namespace web
