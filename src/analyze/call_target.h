// What a call goes to, by the attributes of the client's span: for calls to something that sends no spans of its own.
#pragma once

#include <cstdint>
#include <string>

#include "model/span_batch.h"

namespace spoor::analyze {

// The first of these that the span has as text (OpenTelemetry's semantic conventions 1.27, and their older names):
//   peer.service
//   db.system.name (db.system), with db.namespace (db.name) behind it where there is one: "postgresql orders"
//   messaging.destination.name (messaging.destination)
//   server.address (net.peer.name)
//   the host of url.full (http.url)
//   network.peer.address (net.peer.ip)
// "" where it has none.
std::string CallTarget(const SpanBatch& batch, uint32_t row);

}  // namespace spoor::analyze
