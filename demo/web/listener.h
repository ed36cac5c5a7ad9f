// The sockets of a Server: connections, the limits that keep one client from hurting the others, and the stop.
#pragma once

#include <functional>

#include "web/server.h"
#include "web/settings.h"

namespace web {

// Listens, says so on stderr ("listening on http://127.0.0.1:8080"), and gives every request to `answer`, on the thread
// of its connection, until SIGTERM or SIGINT. Then idle connections end at once and the others have three seconds;
// after that, whatever waits is woken (EndAllWaits). Every thread has ended when this returns. False, with a line on
// stderr, where it cannot listen.
bool Listen(const Settings& settings, const std::function<Response(Request)>& answer);

}  // namespace web
