// Tracing for the server and the client of this folder, by means of their wrappers: nothing in a handler has to change.
#pragma once

#include <spoor/tracer.h>

#include "web/client.h"
#include "web/server.h"

namespace web {

// Every request that comes in becomes a server span "GET /users/{id}", which is current while it is answered. It is a
// child of the caller's span, which the request's headers name.
Wrapper TraceRequests(spoor::trace::Tracer tracer);

// Every call becomes a client span "GET", and its headers carry the trace to the service that is called.
CallWrapper TraceCalls(spoor::trace::Tracer tracer);

}  // namespace web
